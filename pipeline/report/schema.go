package report

import (
	"embed"
	"fmt"
)

//go:embed schema/*.json
var schemas embed.FS

// Schema returns the JSON Schema of run.json ("run") or of a line of leads.jsonl
// ("lead").
func Schema(name string) ([]byte, error) {
	b, err := schemas.ReadFile("schema/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("there is no schema %q: want run or lead", name)
	}
	return b, nil
}
