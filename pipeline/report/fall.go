package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/publish"
	"fundtrace/pipeline/table"
)

// A Fall is something of which a run read much less than the one before: a
// county's folder that did not arrive, more likely than relief that ended.
type Fall struct {
	What        detect.Text
	Before, Now string
}

// Falls compares what was read with the result in dir, where one stands: files,
// and rows and money by table. What fell by more than share, of 0 to 1, is
// returned in that order.
func Falls(dir string, d *Data, share float64) ([]Fall, error) {
	text, err := os.ReadFile(filepath.Join(dir, publish.Mark))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var before struct {
		Inputs []runInput          `json:"inputs"`
		Tables map[string]runTable `json:"tables"`
	}
	if err == nil {
		err = json.Unmarshal(text, &before)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the account of the run before: %w", err)
	}
	now := newRun(d, masker{})
	var falls []Fall
	fell := func(what detect.Text, then, here int64, print func(int64) string) {
		if float64(then-here) > share*float64(then) {
			falls = append(falls, Fall{what, print(then), print(here)})
		}
	}
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	yuan := func(n int64) string { return table.Fen(n).String() }
	fell(detect.Text{Zh: "读入的文件", En: "files read"}, filesRead(before.Inputs), filesRead(now.Inputs), count)
	for _, s := range table.Canonical {
		then, here := before.Tables[s.Name], now.Tables[s.Name]
		fell(detect.Text{Zh: s.Zh + "表的行数", En: "rows of " + s.Name}, int64(then.Rows), int64(here.Rows), count)
		fell(detect.Text{Zh: s.Zh + "表的金额(元)", En: "yuan of " + s.Name}, int64(then.AmountFen), int64(here.AmountFen), yuan)
	}
	return falls, nil
}

// filesRead counts the inputs that gave rows, or said again what another gave.
func filesRead(list []runInput) (n int64) {
	for _, in := range list {
		switch in.Status {
		case "read", "partly", "duplicate":
			n++
		}
	}
	return n
}
