package pac

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
)

// quoted quotes a name for a message. A handle in it is shown as its variable.
func quoted(s string) string { return strconv.Quote(handle.Strip(s)) }

// reference returns the reference of a PipelineRun.
func reference(name string) diag.ObjectRef {
	return diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "PipelineRun", Name: name}
}

func finding(at callsite.Place, about diag.ObjectRef, code, message, help string) diag.Finding {
	return diag.Finding{Code: code, Severity: diag.Error, Object: about, Position: at.Position(), Message: message, Help: help}
}

// findingsOf returns the findings in an error of this module. Any other error becomes one
// finding at the given place.
func findingsOf(at callsite.Place, about diag.ObjectRef, err error) diag.Findings {
	var fs diag.Findings
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fs):
		return fs
	}
	return diag.Findings{finding(at, about, "object-invalid", "the run has errors: "+phrase.OneLine(err), "fix the run where it is defined")}
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
