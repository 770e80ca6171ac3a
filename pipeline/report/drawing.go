package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// A drawing is one fund's chain as boxes and lines, from left to right by the
// number of units between.
type drawing struct {
	FundNo, Title, Identity, Amount string
	Leads                           int
	Width, Height                   int
	Boxes                           []box
	Lines                           []link
}

// A box is one unit, or the units of a column that found no room.
type box struct {
	X, Y, Width, Height int
	Name, Full          string
	Rows                []boxRow
	Alert               bool // money unexplained, or kept past the deadline
}

type boxRow struct {
	Y     int
	Label string
	Value string
	Alert bool
}

// A link is money going from one box to another.
type link struct {
	Path  string
	Width string // in pixels
}

// ViewWidth and ViewHeight leave room for the boxes' borders.
func (d drawing) ViewWidth() int  { return d.Width + 8 }
func (d drawing) ViewHeight() int { return d.Height + 8 }

// Measures of a drawing in pixels, and how many boxes a column has at most.
const (
	boxWidth  = 196
	boxGap    = 76
	rowGap    = 14
	rowStep   = 17
	boxHead   = 26
	columnMax = 12
)

// draw lays a fund out.
func draw(f *fund, d *Data, m masker) drawing {
	t := func(zh, en string) string { return detect.Text{Zh: zh, En: en}.In(d.Lang) }
	out := drawing{FundNo: m.key(f.FundNo), Title: m.text(f.title()), Identity: f.identity(d.Lang), Amount: thousands(f.amount), Leads: f.leads}
	limit := int64(d.Policy.Deadlines.PassDown)

	columns := f.columns()
	at := map[string]*box{}
	var boxes []*box // at and boxes share their boxes, so that lines can find them
	tallest := 0
	for c, col := range columns {
		y := 0
		x := c * (boxWidth + boxGap)
		for i, p := range col {
			if i == columnMax {
				rest := &box{X: x, Y: y, Width: boxWidth, Height: boxHead + rowStep + 6, Name: fmt.Sprintf(t("其余 %d 个单位", "%d other units"), len(col)-i)}
				var got table.Fen
				for _, p := range col[i:] {
					if p.received != table.Null {
						got += table.Fen(p.received)
					}
					at[p.unit] = rest
				}
				rest.Full = rest.Name
				rest.row(t("收到", "received"), thousands(got), false)
				boxes = append(boxes, rest)
				y += rest.Height + rowGap
				break
			}
			b := &box{X: x, Y: y, Width: boxWidth, Full: m.text(p.unit), Name: clipped(m.text(p.unit), 24)}
			put := func(label string, v int64, always, alert bool) {
				if v != table.Null && (v != 0 || always) {
					b.row(label, thousands(table.Fen(v)), alert)
				}
			}
			put(t("收到", "received"), p.received, true, false)
			put(t("转拨", "sent on"), p.sentOn, false, false)
			put(t("发放支付", "paid out"), p.paidOut, false, false)
			put(t("应有结存", "held"), p.held, false, p.held < 0)
			put(t("未说明", "unexplained"), p.unexplained, false, true)
			if p.idle != table.Null && p.idle > 0 {
				b.row(t("最长停留", "longest stay"), fmt.Sprintf(t("%d 天", "%d days"), p.idle), limit > 0 && p.idle > limit)
			}
			b.Height = boxHead + len(b.Rows)*rowStep + 6
			at[p.unit] = b
			boxes = append(boxes, b)
			y += b.Height + rowGap
		}
		tallest = max(tallest, y-rowGap)
	}
	// Columns are centred on the tallest.
	for c := range columns {
		x, bottom := c*(boxWidth+boxGap), 0
		for _, b := range boxes {
			if b.X == x {
				bottom = max(bottom, b.Y+b.Height)
			}
		}
		for _, b := range boxes {
			if b.X == x {
				b.Y += (tallest - bottom) / 2
			}
		}
	}
	out.Width, out.Height = len(columns)*(boxWidth+boxGap)-boxGap, tallest
	for _, b := range boxes {
		out.Boxes = append(out.Boxes, *b)
	}

	// Money between the same two boxes is one line.
	type ends struct{ from, to *box }
	sums := map[ends]table.Fen{}
	var order []ends
	var most table.Fen = 1
	for _, h := range f.hops {
		e := ends{at[h.from], at[h.to]}
		if e.from == nil || e.to == nil || e.from == e.to {
			continue
		}
		if _, ok := sums[e]; !ok {
			order = append(order, e)
		}
		v := h.sent
		if v == table.Null {
			v = h.got
		}
		if v != table.Null {
			sums[e] += table.Fen(v)
		}
		most = max(most, sums[e])
	}
	for _, e := range order {
		x1, y1 := e.from.X+boxWidth, e.from.Y+e.from.Height/2
		x2, y2 := e.to.X, e.to.Y+e.to.Height/2
		bend := boxGap * 2 / 3
		if x2 <= x1 { // back to a unit upstream, or beside it
			bend = boxGap
		}
		// The square root keeps small transfers visible beside large ones.
		width := fmt.Sprintf("%.1f", 1+5*math.Sqrt(float64(max(sums[e], 0))/float64(most)))
		out.Lines = append(out.Lines, link{fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2), width})
	}
	return out
}

// row adds a line of figures to a box.
func (b *box) row(label, value string, alert bool) {
	b.Rows = append(b.Rows, boxRow{Y: boxHead + len(b.Rows)*rowStep + 6, Label: label, Value: value, Alert: alert})
	b.Alert = b.Alert || alert
}

// columns returns the fund's units by depth, each column in the order of the
// units that pay it, so that lines cross little. A unit that only the transfers
// name stands one after its payer.
func (f *flow) columns() [][]position {
	depth := map[string]int64{}
	all := slices.Clone(f.positions)
	for _, p := range all {
		depth[p.unit] = max(p.depth, 0)
	}
	for _, h := range f.hops {
		for i, u := range []string{h.from, h.to} {
			if _, ok := depth[u]; ok || u == "" {
				continue
			}
			p := position{unit: u, received: table.Null, sentOn: table.Null, paidOut: table.Null, stated: table.Null, held: table.Null, unexplained: table.Null, idle: table.Null}
			if i == 1 {
				p.depth, p.received = depth[h.from]+1, h.got
			}
			depth[u] = p.depth
			all = append(all, p)
		}
	}
	// Depths are made dense: a column without units takes no room.
	var used []int64
	for _, v := range depth {
		if !slices.Contains(used, v) {
			used = append(used, v)
		}
	}
	slices.Sort(used)
	out := make([][]position, len(used))
	for _, p := range all {
		c := slices.Index(used, depth[p.unit])
		out[c] = append(out[c], p)
	}
	payer := map[string]string{}
	for _, h := range f.hops {
		if payer[h.to] == "" {
			payer[h.to] = h.from
		}
	}
	rank := map[string]int{}
	for _, col := range out {
		slices.SortStableFunc(col, func(a, b position) int {
			return cmp.Or(cmp.Compare(rank[payer[a.unit]], rank[payer[b.unit]]), cmp.Compare(b.received, a.received), cmp.Compare(a.unit, b.unit))
		})
		for i, p := range col {
			rank[p.unit] = i
		}
	}
	return out
}

// clipped cuts a text at a width counted in half characters.
func clipped(s string, width int) string {
	n := 0
	for i, r := range s {
		n++
		if r >= 0x1100 {
			n++
		}
		if n > width {
			return s[:i] + "…"
		}
	}
	return s
}
