package generate

import (
	"bytes"
	"path/filepath"
	"testing"
)

// demo is the county that is checked in, and what it was made with; its README
// has the same as a command.
const demoDir = "../../fixtures/demo"

var demo = Options{Households: 300, Seed: 1}

// The county that is checked in is the one that the generator makes: whoever
// changes the generator makes it anew.
func TestDemoIsUpToDate(t *testing.T) {
	dir, _ := generated(t, demo)
	made, kept := files(t, dir), files(t, demoDir)
	size := 0
	for name, data := range kept {
		size += len(data)
		if want, ok := made[name]; ok && !bytes.Equal(data, want) {
			t.Fatalf("%s is not what the generator makes: %s", name, renew)
		} else if !ok && name != "README.md" {
			t.Fatalf("%s is not made by the generator: %s", name, renew)
		}
	}
	for name := range made {
		if _, ok := kept[name]; !ok {
			t.Fatalf("%s is missing: %s", name, renew)
		}
	}
	if size > 2<<20 {
		t.Errorf("the demo has %d bytes, more than 2 MiB", size)
	}
	for _, ext := range []string{".xlsx", ".xls", ".csv", ".zip"} {
		found := false
		for name := range kept {
			found = found || filepath.Ext(name) == ext
		}
		if !found {
			t.Errorf("no %s in the demo", ext)
		}
	}
}

const renew = "see fixtures/demo/README.md for how to make it anew"
