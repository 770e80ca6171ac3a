package column

import "testing"

// BenchmarkLoad is what the first sheet of a run waits for.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		Without(nil)
	}
}
