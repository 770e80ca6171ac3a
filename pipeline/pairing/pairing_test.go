package pairing

import (
	"fmt"
	"strings"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// line is a transfer of one fund between two units; source tells the sheets
// apart. An amount of 0 is not stated.
func line(fund uint32, source int, sent, received, on int64) Line {
	l := Line{Fund: fund, From: 1, To: 2, Project: none, Purpose: none, Voucher: none, Holder: none,
		Sent: table.Null, Received: table.Null, SentOn: table.Null, ReceivedOn: table.Null, Ref: table.NewRef(source, int(on))}
	if sent != 0 {
		l.Sent, l.SentOn = sent, on
	}
	if received != 0 {
		l.Received, l.ReceivedOn = received, on
	}
	return l
}

// TestHops tells what lines of two ledgers come to, and what is said of them.
func TestHops(t *testing.T) {
	const pool = 9 // stands for the funds 5 and 6
	several := func(fund uint32) []uint32 {
		if fund == pool {
			return []uint32{5, 6}
		}
		return nil
	}
	for _, c := range []struct {
		name  string
		lines []Line
		hops  string
		said  string
	}{
		{"both ledgers", []Line{line(5, 0, 100, 0, 1), line(5, 1, 0, 100, 3)}, "5 100 100 exact", ""},
		{"received in parts", []Line{line(5, 0, 100, 0, 1), line(5, 1, 0, 60, 2), line(5, 1, 0, 40, 3)}, "5 100 100 sum", ""},
		{"another sheet states it again", []Line{line(5, 0, 100, 0, 1), line(5, 1, 100, 0, 1)}, "5 100 - sent_only", "again"},
		{"one sheet states it twice", []Line{line(5, 0, 100, 0, 1), line(5, 0, 100, 0, 1)}, "5 100 - sent_only, 5 100 - sent_only", "twice"},
		{"the other ledger names the fund", []Line{line(none, 0, 100, 0, 1), line(5, 1, 0, 100, 3)}, "5 100 100 exact", "told"},
		{"no ledger names the fund", []Line{line(none, 0, 100, 0, 1)}, "- 100 - sent_only", "unknown"},
		{"several funds", []Line{line(pool, 0, 100, 0, 1), line(pool, 1, 0, 100, 1)}, "5 70 70 exact, 6 30 30 exact", "divided, divided"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var said []string
			m := Matcher{policy.Builtin().Pairing, func(_ *Line, r Remark) {
				said = append(said, [...]string{"divided", "told", "unknown", "again", "twice"}[r])
			}}
			number := func(x int64, absent bool) string {
				if absent {
					return "-"
				}
				return fmt.Sprint(x)
			}
			var hops []string
			for _, h := range m.Hops(m.Divide(c.lines, several, map[Purse]int64{{Fund: 5, Unit: 1}: 70})) {
				hops = append(hops, strings.Join([]string{
					number(int64(h.Fund), h.Fund == none), number(h.Sent, h.Sent == table.Null), number(h.Received, h.Received == table.Null), Matches[h.Match],
				}, " "))
			}
			if got := strings.Join(hops, ", "); got != c.hops {
				t.Errorf("hops %s, want %s", got, c.hops)
			}
			if got := strings.Join(said, ", "); got != c.said {
				t.Errorf("said %s, want %s", got, c.said)
			}
		})
	}
}
