package table

import (
	"fmt"
	"testing"
)

// An Interner gives the codes that a map would, in the order of first sight,
// through growth and after a Reset.
func TestInternerAgreesWithMap(t *testing.T) {
	var x Interner
	for round := range 2 {
		want := map[string]uint32{}
		for i := range 20_000 {
			s := fmt.Sprint(i * i % 7001)
			code, ok := want[s]
			if !ok {
				code = uint32(len(want))
				want[s] = code
			}
			if got := x.Code(s); got != code || x.Dict[got] != s {
				t.Fatalf("round %d: %q has code %d, want %d", round, s, got, code)
			}
		}
		if len(x.Dict) != len(want) {
			t.Fatalf("%d texts, want %d", len(x.Dict), len(want))
		}
		x.Reset()
	}
}
