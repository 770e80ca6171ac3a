package rules

import "fundtrace/pipeline/detect"

// Named returns the rule of an ID, or nil.
func Named(id string) *detect.Rule {
	for _, r := range All {
		if r.ID == id {
			return r
		}
	}
	return nil
}
