package report

import (
	"embed"
	"fmt"
)

//go:embed schema/*.json
var schemas embed.FS

// Schema returns the JSON Schema of run.json ("run"), of a line of leads.jsonl
// ("lead") or of a policy file ("policy").
func Schema(name string) ([]byte, error) {
	b, err := schemas.ReadFile("schema/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("there is no schema %q: want run, lead or policy", name)
	}
	return b, nil
}
