// Package generate invents a county: people, benefits, funds, projects and the
// registers around them, written as the sheets that offices keep, with planted
// cases and look-alikes and a file that tells the truth. Everything follows
// from the options; nobody in it exists.
package generate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Options say what to generate.
type Options struct {
	Households int    // at least 100
	Seed       uint64 // the same options give the same bytes
	// Cases are planted for each rule that the county is large enough for, and
	// as many look-alikes; 0 is one, and one more for every 5,000 households,
	// negative none. Of rules about places, rosters or funds there are as many as
	// those leave room for.
	Cases int
	Each  Rates   // cases of single rules, in place of Cases
	Dirt  float64 // share of cells written badly, 0..1; 0 is 0.05, negative none
}

// minHouseholds have room for a case and a look-alike of each rule.
const minHouseholds = 100

// The files beside the input folder.
const (
	InputDir   = "input"
	PolicyFile = "policy.yaml"
	TruthFile  = "truth.json"
)

// How many households places have, about.
const (
	perVillage = 60
	perTown    = 4_000
	perCounty  = 120_000
)

// A world is one generation under way.
type world struct {
	opt   Options
	out   *folder
	truth *Truth
	queue []*job
	sites [3]int // passed, by scope
	err   error  // of a planter
	spare int    // accounts given out that no household has
}

// County writes a county (several, where there are very many households) under
// dir: the sheets in input/, policy.yaml and truth.json. It fails where dir has
// an input folder, or where there are too few households for the cases.
func County(dir string, opt Options) (*Truth, error) {
	if opt.Households < minHouseholds {
		return nil, fmt.Errorf("generating a county: %d households are too few: want %d or more", opt.Households, minHouseholds)
	}
	if opt.Dirt == 0 {
		opt.Dirt = 0.05
	}
	if opt.Cases == 0 {
		opt.Cases = 1 + opt.Households/5_000
	}
	input := filepath.Join(dir, InputDir)
	if _, err := os.Stat(input); err == nil {
		return nil, fmt.Errorf("generating a county: %s is there already: remove it or choose another folder", input)
	}
	if err := os.MkdirAll(input, 0o755); err != nil {
		return nil, fmt.Errorf("generating a county: %w", err)
	}
	w := &world{opt: opt, out: &folder{dir: input}, truth: &Truth{
		Seed: opt.Seed, AsOf: asOf.String(), Households: opt.Households,
		Tables: map[string]*Written{}, Programs: map[string]*Written{},
		Planted: []Case{}, Quiet: []Case{}, May: []Case{},
	}}
	if err := w.make(); err != nil {
		return nil, errors.Join(fmt.Errorf("generating a county: %w", err), os.RemoveAll(input))
	}
	return w.truth, errors.Join(
		w.truth.save(filepath.Join(dir, TruthFile)),
		os.WriteFile(filepath.Join(dir, PolicyFile), w.policy(), 0o644),
	)
}

// make makes and writes county after county, holding one town's people at a time.
func (w *world) make() error {
	counties := (w.opt.Households + perCounty - 1) / perCounty
	if counties > maxCounties {
		return fmt.Errorf("%d households are too many: want at most %d", w.opt.Households, maxCounties*perCounty)
	}
	w.truth.Counties = counties
	first := 0
	plan := w.divide(counties)
	var err error
	if w.queue, w.truth.TooSmall, err = w.opt.jobs(survey(plan)); err != nil {
		return err
	}
	for i, towns := range plan {
		c := &county{world: w, index: i, code: fmt.Sprintf("4599%02d", i+1), name: countyName(i)}
		c.ids = &idBook{region: c.code, given: map[idDay]int{}}
		c.used, c.planted = map[string]bool{}, map[string]int{}
		for _, t := range towns {
			c.villages += len(t)
		}
		c.plan(len(towns))
		if err := c.make(towns, first); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		for _, t := range towns {
			for _, n := range t {
				first += n
			}
		}
	}
	for _, j := range w.queue {
		if !j.done {
			return fmt.Errorf("no place for a case of %s: ask for more households or fewer cases", j.planter.rule)
		}
	}
	return w.stray()
}

// divide shares the households out: by county, town and village.
func (w *world) divide(counties int) [][][]int {
	plan := make([][][]int, counties)
	for c, inCounty := range shares(w.opt.Households, counties) {
		for _, inTown := range shares(inCounty, max(2, inCounty/perTown)) {
			plan[c] = append(plan[c], shares(inTown, max(2, inTown/perVillage)))
		}
	}
	return plan
}

// shares divides n into parts that differ by one at most.
func shares(n, parts int) []int {
	out := make([]int, parts)
	for i := range out {
		out[i] = n*(i+1)/parts - n*i/parts
	}
	return out
}

// make makes a county of towns of villages of so many households, numbered in
// the world from first.
func (c *county) make(plan [][]int, first int) error {
	books, err := c.openBooks()
	if err != nil {
		return err
	}
	var towns []*town
	villages := 0
	for i, sizes := range plan {
		t := &town{county: c, index: i, name: townName(i)}
		for j, n := range sizes {
			v, err := t.settleVillage(j, villages, n, first)
			if err != nil {
				return err
			}
			villages++
			first += n
			v.plan(v.rand)
			c.world.plant(&site{county: c, town: t, village: v})
			if err := errors.Join(c.world.err, v.strangers()); err != nil {
				return err
			}
			v.complain()
			c.world.truth.count(v)
			t.villages = append(t.villages, v)
		}
		if err := t.write(books); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		t.villages, t.rosters = nil, nil
		towns = append(towns, t)
	}
	if err := books.close(); err != nil {
		return err
	}
	c.fund(towns)
	c.fundGuests()
	c.world.plant(&site{county: c})
	return errors.Join(c.world.err, c.write())
}

// count adds a village's people to the truth.
func (t *Truth) count(v *village) {
	for _, h := range v.households {
		t.Persons += len(h.members)
	}
}
