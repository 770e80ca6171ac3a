package report

import (
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// A masker hides identity and account numbers when the run asks for it: the
// first six and last four characters stay, so that an inspector who has the
// workbook can tell which number is meant. The zero masker hides nothing.
type masker struct {
	on    bool
	known map[string]bool // numbers of the tables that do not look like one
}

// longNumber is the length from which a number in running text is taken for an
// identity or account number: 15 is the old identity number, shorter than any
// bank card, longer than any amount, date or time stamp.
const longNumber = 15

// numberColumns hold an identity or account number, or a key made of one.
var numberColumns = []string{
	"head_id", "beneficiary_id", "payee_id", "member_id", "person_id", "subject_id", "_person", "_payee", "_head", "_cadre",
	"account", "from_account", "to_account", "counter_account", "_account",
}

// keyColumns hold other numbers, often long; only an identity number that
// stands in for one is hidden.
var keyColumns = []string{
	"household_id", "_household", "fund_no", "_fund", "project_id", "_project", "voucher_no", "batch", "related_id", "contractor_code",
}

// newMasker returns the masker of a run. Passbook numbers may be short, so the
// numbers that text would not know by their length are collected first.
func newMasker(d *Data) masker {
	m := masker{on: d.Mask}
	if !m.on {
		return m
	}
	m.known = map[string]bool{}
	for _, s := range table.Canonical {
		for _, f := range s.Fields {
			if !slices.Contains(numberColumns, f.Name) {
				continue
			}
			_, dict := d.Tables.Get(s).Words(f.Name)
			for _, v := range dict {
				if digits(v) >= 6 && !looksLong(v) && !strings.Contains(v, "@") {
					m.known[v] = true
				}
			}
		}
	}
	return m
}

// column returns the way to mask a table's column.
func (m masker) column(name string) func(string) string {
	switch {
	case slices.Contains(numberColumns, name):
		return m.number
	case slices.Contains(keyColumns, name):
		return m.key
	}
	return m.text
}

// subject returns the way to mask the key of a subject of a kind.
func (m masker) subject(kind string) func(string) string {
	switch kind {
	case "person", "account":
		return m.number
	case "household", "fund", "project":
		return m.key
	}
	return m.text
}

// number masks a value that is an identity or account number. A person known
// by name and village only has none.
func (m masker) number(s string) string {
	if !m.on || digits(s) < 6 || strings.Contains(s, "@") {
		return m.text(s)
	}
	return hide(s)
}

// key masks a household, fund or project number that is somebody's identity
// number.
func (m masker) key(s string) string {
	if m.on && isIdentity(s) {
		return hide(s)
	}
	return s
}

// text masks the numbers in running text.
func (m masker) text(s string) string {
	if !m.on || digits(s) < 6 {
		return s
	}
	var b strings.Builder
	for s != "" {
		n := 0
		for n < len(s) && isWord(s[n]) {
			n++
		}
		if n > 0 {
			word := s[:n]
			if looksLong(word) || m.known[word] {
				word = hide(word)
			}
			b.WriteString(word)
			s = s[n:]
			continue
		}
		for n < len(s) && !isWord(s[n]) {
			n++
		}
		b.WriteString(s[:n])
		s = s[n:]
	}
	return b.String()
}

// raw masks a cell as an office wrote it: with blanks, full-width digits or
// quotes between the figures.
func (m masker) raw(s string) string {
	if !m.on {
		return s
	}
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == 'Ｘ' || r == 'ｘ':
			return 'X'
		case strings.ContainsRune(" \t\r\n\u00a0\u3000'\"=‘’-", r):
			return -1
		}
		return r
	}, s)
	if looksLong(plain) || m.known[plain] {
		return hide(plain)
	}
	return m.text(s)
}

// hide replaces the middle of a number by stars.
func hide(s string) string {
	r := []rune(s)
	from, to := 6, len(r)-4
	if len(r) < 12 {
		from = 0
	}
	for i := from; i < to; i++ {
		r[i] = '*'
	}
	return string(r)
}

// looksLong reports whether s is nothing but a number too long for anything
// but an identity or an account, X at the end allowed.
func looksLong(s string) bool {
	if n := len(s); n > 0 && (s[n-1] == 'X' || s[n-1] == 'x') {
		return n >= longNumber && digits(s) == n-1
	}
	return len(s) >= longNumber && digits(s) == len(s)
}

// isIdentity reports whether s has the form of an identity number: 18 or 15
// characters with a month and day where they belong.
func isIdentity(s string) bool {
	if !looksLong(s) || len(s) != 18 && len(s) != 15 {
		return false
	}
	at := 8
	if len(s) == 18 {
		at = 10
	}
	month, day := s[at:at+2], s[at+2:at+4]
	return month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
