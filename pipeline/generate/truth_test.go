package generate

import (
	"path/filepath"
	"reflect"
	"testing"
)

func TestTruthRoundTrip(t *testing.T) {
	dir, truth := generated(t, Options{Households: 100, Seed: 4})
	read, err := LoadTruth(filepath.Join(dir, TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, truth) {
		t.Error("the truth read is not the truth written")
	}
	if _, err := LoadTruth(filepath.Join(dir, "none.json")); err == nil {
		t.Error("a truth that is not there was read")
	}
}

func TestScore(t *testing.T) {
	truth := &Truth{
		Planted: []Case{
			{Rule: "dup-period", Kind: "person", Key: "A", Program: "农村低保", Amount: 200},
			{Rule: "dup-period", Kind: "person", Key: "B", Or: []Subject{{"household", "H"}}},
			{Rule: "data-total", Kind: "sheet", Key: "甲县/名册.xlsx!Sheet1"},
		},
		Quiet: []Case{{Rule: "dup-period", Kind: "person", Key: "C"}},
		May:   []Case{{Rule: "dup-period", Kind: "person", Key: "D"}},
	}
	lead := func(rule, kind, key, program string) Lead {
		return Lead{Rule: rule, Subject: Subject{kind, key}, Program: program}
	}
	scores := truth.Score([]Lead{
		lead("dup-period", "person", "A", "农村低保"), // found, with another amount
		lead("dup-period", "person", "A", "特困供养"), // another program
		lead("dup-period", "household", "H", ""),  // found under its other subject
		lead("dup-period", "person", "C", ""),     // a look-alike
		lead("dup-period", "person", "D", ""),     // a consequence
		lead("data-total", "sheet", "x/input/甲县/名册.xlsx!Sheet1", ""),
		lead("hold-idle", "unit", "U", ""), // nothing of the kind was planted
	})
	if len(scores) != 3 {
		t.Fatalf("%d scores, want 3", len(scores))
	}
	total, dup, idle := scores[0], scores[1], scores[2]
	if total.Rule != "data-total" || total.Found != 1 || total.Precision() != 1 {
		t.Errorf("data-total: %+v", total)
	}
	if dup.Planted != 2 || dup.Found != 2 || dup.Right != 2 || dup.May != 1 || len(dup.False) != 2 || len(dup.Roused) != 1 || len(dup.Amounts) != 1 {
		t.Errorf("dup-period: %+v", dup)
	}
	if dup.Recall() != 1 || dup.Precision() != 0.5 {
		t.Errorf("dup-period: recall %v, precision %v", dup.Recall(), dup.Precision())
	}
	if idle.Recall() != 1 || idle.Precision() != 0 {
		t.Errorf("hold-idle: %+v", idle)
	}
	missed := truth.Score(nil)
	if missed[1].Recall() != 0 || len(missed[1].Missed) != 2 {
		t.Errorf("nothing found: %+v", missed[1])
	}
}
