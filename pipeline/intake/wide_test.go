package intake

import (
	"strings"
	"testing"
	"time"
)

// A sheet of thousands of columns with header words is set aside, and at once.
func TestVeryWideSheet(t *testing.T) {
	row := strings.Repeat("1月,姓名,金额,", 2000)
	g, err := gridOf("", row+"\n"+row+"\n"+row+"\n")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	takenApart(t, g)
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}
