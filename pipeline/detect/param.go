package detect

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"fundtrace/pipeline/table"
)

// A Parameter is a Param of any type.
type Parameter interface {
	Describe() Description
	parse(any) (any, error)
	schema() map[string]any
}

// Schemas returns the JSON Schemas of the rules' sections of a policy file, by
// rule ID.
func Schemas(rules []*Rule) map[string]any {
	out := map[string]any{}
	for _, r := range rules {
		params := map[string]any{"enabled": map[string]any{"type": "boolean"}}
		for _, q := range r.Params {
			s := q.schema()
			s["description"] = q.Describe().Doc.En
			params[q.Describe().Name] = s
		}
		out[r.ID] = map[string]any{"type": "object", "description": r.Title.En, "properties": params, "additionalProperties": false}
	}
	return out
}

// A Description tells a parameter's name, what it is, and its default and the
// value in force as they are written in a policy file.
type Description struct {
	Name    string
	Doc     Text
	Default string
}

// A Param is a value that a policy may set for a rule. Money is written in yuan
// in the policy and read as Fen.
type Param[T int | float64 | bool | string | table.Fen] struct {
	Name    string
	Default T
	Doc     Text // what it is, its unit, whether the bound is inclusive, where the default comes from
}

// Describe implements Parameter.
func (p *Param[T]) Describe() Description {
	return Description{p.Name, p.Doc, fmt.Sprint(p.Default)}
}

// Of returns the value in force for a pass.
func (p *Param[T]) Of(pass *Pass) T { return pass.plan.param(p).(T) }

func (p *Param[T]) parse(v any) (any, error) {
	if v == nil {
		return p.Default, nil
	}
	s := scalar(v)
	var out any
	var err error
	switch any(p.Default).(type) {
	case int:
		out, err = strconv.Atoi(s)
	case float64:
		var f float64
		f, err = strconv.ParseFloat(s, 64)
		if err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) {
			err = fmt.Errorf("not finite")
		}
		out = f
	case bool:
		out, err = strconv.ParseBool(s)
	case table.Fen:
		out, err = table.ParseFen(s)
	default:
		out = s
	}
	if err != nil {
		return nil, fmt.Errorf("value %q is not %s", s, map[string]string{
			"int": "a whole number", "float64": "a number", "bool": "true or false", "table.Fen": "an amount in yuan",
		}[fmt.Sprintf("%T", p.Default)])
	}
	return out, nil
}

// schema implements Parameter. No number of a rule is negative.
func (p *Param[T]) schema() map[string]any {
	switch any(p.Default).(type) {
	case int:
		return map[string]any{"type": "integer", "minimum": 0, "default": p.Default}
	case float64:
		return map[string]any{"type": "number", "minimum": 0, "default": p.Default}
	case bool:
		return map[string]any{"type": "boolean", "default": p.Default}
	case table.Fen:
		return map[string]any{"$ref": "#/$defs/yuan", "default": p.Describe().Default}
	}
	return map[string]any{"type": "string", "default": p.Default}
}

// scalar writes a value from YAML or JSON as it stands in the file.
func scalar(v any) string {
	switch x := v.(type) {
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case json.Number:
		return x.String()
	}
	return fmt.Sprint(v)
}
