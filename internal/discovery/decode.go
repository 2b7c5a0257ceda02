package discovery

import (
	"encoding/json"
	"os"

	"github.com/tekwright/tekwright/internal/yamlread"
)

// decode decodes a YAML file of another tool, and reports whether it can be read. A field
// with another type than that of the variable keeps its zero value.
func decode(path string, into any) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return false
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	inJSON, err := yamlread.JSON(text, false)
	if err != nil {
		return false
	}
	_ = json.Unmarshal(inJSON, into) // the other fields are used nevertheless
	return true
}
