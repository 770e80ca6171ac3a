package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestPageShowsTheLeads(t *testing.T) {
	d := sample(t, 150, "zh")
	d.Leads[0].SubjectName = `<script>alert("1")</script>`
	d.Leads[1].Summary = `"><img src=x onerror=alert(1)>`
	html := string(read(t, written(t, d), "report.html"))
	for _, l := range d.Leads {
		if !strings.Contains(html, l.ID) {
			t.Errorf("lead %s is not on the page", l.ID)
		}
	}
	if strings.Contains(html, `<script>alert`) || strings.Contains(html, "<img") {
		t.Error("a text of the data became markup")
	}
	if m := regexp.MustCompile(`https?://|url\(|@import|<link|<img|src="`).FindString(html); m != "" {
		t.Errorf("the page asks for something outside: %q", m)
	}
	for _, want := range []string{"2,796", "甲财农〔2017〕12号", "乙县 长塘镇", "2017-08", "白石乡财政所", "200,000.00", "同期重复发放"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Count(html, "<svg") != 1 {
		t.Errorf("%d funds drawn, want 1: the other has no lead", strings.Count(html, "<svg"))
	}
	svg := html[strings.Index(html, "<svg"):]
	svg = svg[:strings.Index(svg, "</svg>")+6]
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := dec.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the drawing is not well formed: %v", err)
		}
	}
}

func TestPageIsBounded(t *testing.T) {
	d := sample(t, 10, "en")
	one := d.Leads[0]
	d.Leads = nil
	for i := range pageLeads + 7 {
		l := one
		l.ID = fmt.Sprintf("%016x", i)
		d.Leads = append(d.Leads, l)
	}
	html := string(read(t, written(t, d), "report.html"))
	if n := strings.Count(html, "<tr data-family"); n != pageLeads {
		t.Errorf("%d leads on the page, want %d", n, pageLeads)
	}
	if !strings.Contains(html, fmt.Sprint(pageLeads+7)) {
		t.Error("the page does not say how many leads there are")
	}
}

func TestDrawingFindsRoomForManyUnits(t *testing.T) {
	d := sample(t, 10, "zh")
	f := &fund{flow: &flow{}}
	f.positions = append(f.positions, position{unit: "县财政局", depth: 3, received: 100})
	for i := range 40 {
		u := fmt.Sprintf("第%d乡财政所", i)
		f.positions = append(f.positions, position{unit: u, depth: 5, received: int64(i)})
		f.hops = append(f.hops, hop{from: "县财政局", to: u, sent: int64(i), got: int64(i), days: 1})
	}
	f.hops = append(f.hops, hop{from: "第39乡财政所", to: "县财政局", sent: 5, got: 5}, hop{from: "第1乡财政所", to: "某村", sent: 1, got: 1})
	g := draw(f, d, masker{})
	if want := 1 + columnMax + 1 + 1; len(g.Boxes) != want {
		t.Errorf("%d boxes, want %d", len(g.Boxes), want)
	}
	for i, a := range g.Boxes {
		if a.X < 0 || a.Y < 0 || a.X+a.Width > g.Width || a.Y+a.Height > g.Height {
			t.Errorf("box %s stands outside the drawing", a.Name)
		}
		for _, b := range g.Boxes[:i] {
			if a.X == b.X && a.Y < b.Y+b.Height && b.Y < a.Y+a.Height {
				t.Errorf("boxes %s and %s lie over each other", a.Name, b.Name)
			}
		}
	}
}
