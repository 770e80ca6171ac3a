package idnum

import "testing"

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"13800000031": "13800000031", "+86 138-0000-0031": "13800000031", "008613800000031": "13800000031", "１３８００００００３１": "13800000031",
		"0771-5531234": "07715531234", "138****0031": "", "12345": "", "1234567890": "", "13800000000": "", "无": "", "": "",
	} {
		if got := Phone(in); got != want {
			t.Errorf("Phone(%q) = %q, want %q", in, got, want)
		}
	}
}
