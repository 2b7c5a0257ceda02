package builder

import (
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// axis is the array of an Each, encoded in the text of the token.
type axis struct {
	Set   bool     `json:"g,omitempty"`
	Whole string   `json:"w,omitempty"`
	Items []String `json:"i,omitempty"`
}

func encodeAxis(a Array) string {
	var x axis
	if a.d != nil {
		x = axis{Set: true, Whole: a.d.whole, Items: a.d.items}
	}
	b, err := json.Marshal(x)
	if err != nil {
		return ""
	}
	return hex.EncodeToString(b)
}

func decodeAxis(s string) axis {
	var x axis
	b, err := hex.DecodeString(s)
	if err != nil || json.Unmarshal(b, &x) != nil {
		return axis{}
	}
	return x
}

// isResultOf reports whether expr is a string result of the named task.
func isResultOf(expr, task string) bool {
	name, ok := strings.CutPrefix(expr, tekref.TaskResultOf(task, "").Expr)
	return ok && !strings.ContainsAny(name, ".[")
}
