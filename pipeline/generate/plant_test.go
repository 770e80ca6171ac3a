package generate

import "testing"

// A household that a planter casts is what it asked for.
func TestCast(t *testing.T) {
	w := &world{opt: Options{Seed: 12}, truth: &Truth{}}
	c := &county{world: w, code: "459901", name: "甲县", ids: &idBook{region: "459901", given: map[idDay]int{}}}
	c.plan(1)
	town := &town{county: c, name: "青石镇"}
	v, err := town.settleVillage(0, 0, 400, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{county: c, town: town, village: v}
	for i := range 400 {
		want := shape{size: 1 + i%6, exit: []int{0, 2016, 2017}[i%3]}
		if want.exit == 0 {
			want.category = category(i / 3 % 3)
		}
		h := s.cast(want)
		switch {
		case h == nil:
			t.Fatal("no household left")
		case len(h.members) != want.size || h.exit != want.exit || h.category != want.category || h.registered == 0:
			t.Errorf("asked for %+v, have size %d, exit %d, %v, registered %d", want, len(h.members), h.exit, h.category, h.registered)
		case h.category == ordinary && (len(h.paid(farmland, 2017)) != 1 || len(h.paid(industry, 2017)) != 1):
			t.Error("without the payments that planters change")
		}
	}
	if s.cast(shape{}) != nil {
		t.Error("a household was cast twice")
	}
}
