package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
)

// stages are what a run says on stderr when a stage is done.
var stages = map[string]detect.Text{
	"reading": {Zh: "读取完成", En: "inputs read"},
	"key":     {Zh: "身份核对完成", En: "people told apart"},
	"settle":  {Zh: "收付核定完成", En: "payments settled"},
	"chain":   {Zh: "资金链梳理完成", En: "money followed"},
	"rules":   {Zh: "规则比对完成", En: "rules run"},
	"ranking": {Zh: "线索排序完成", En: "leads ranked"},
	"writing": {Zh: "结果写出完成", En: "results written"},
}

// progress returns a listener that reports to w: JSON lines, or a bar where w is
// a terminal, or a plain line every few seconds.
func progress(w io.Writer, format, lang string) func(pipeline.Event) {
	start := time.Now()
	var last time.Time
	rate := func(e pipeline.Event) int64 { return int64(float64(e.Rows) / max(time.Since(start).Seconds(), 0.001)) }
	if format == "json" {
		enc := json.NewEncoder(w)
		return func(e pipeline.Event) {
			enc.Encode(map[string]any{
				"time": time.Now().UTC().Format(time.RFC3339), "stage": e.Stage, "file": e.File,
				"files": e.Files, "of": e.Of, "rows": e.Rows,
			})
		}
	}
	terminal := isTerminal(w)
	open := false // the bar's line has no newline yet
	return func(e pipeline.Event) {
		if e.File == "" {
			if open {
				fmt.Fprintln(w)
				open = false
			}
			fmt.Fprintf(w, "%6.1fs  %s\n", time.Since(start).Seconds(), stages[e.Stage].In(lang))
			return
		}
		rows := detect.Text{Zh: "行", En: "rows"}.In(lang)
		switch {
		case terminal:
			const width = 24
			full := width * e.Files / max(e.Of, 1)
			fmt.Fprintf(w, "\r\x1b[K[%s%s] %d/%d  %d %s  %d/s  %s", strings.Repeat("█", full), strings.Repeat("·", width-full),
				e.Files, e.Of, e.Rows, rows, rate(e), e.File)
			open = true
		case e.Files == e.Of || time.Since(last) > 5*time.Second:
			last = time.Now()
			fmt.Fprintf(w, "%6.1fs  %d/%d  %d %s  %s\n", time.Since(start).Seconds(), e.Files, e.Of, e.Rows, rows, e.File)
		}
	}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
