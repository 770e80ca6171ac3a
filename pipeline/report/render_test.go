package report

import (
	"os"
	"testing"
)

// TestManualRender writes a run to the folder that REPORT_RENDER names, to be looked
// at; it does nothing otherwise.
func TestManualRender(t *testing.T) {
	dir := os.Getenv("REPORT_RENDER")
	if dir == "" {
		t.Skip("REPORT_RENDER is not set")
	}
	lang := "zh"
	if l := os.Getenv("REPORT_LANG"); l != "" {
		lang = l
	}
	if err := Write(dir, sample(t, 150, lang)); err != nil {
		t.Fatal(err)
	}
}
