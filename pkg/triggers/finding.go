package triggers

import (
	"errors"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
)

func typeMeta(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: kind}
}

// reference returns the reference of an object of this API group.
func reference(kind, name string) diag.ObjectRef {
	return diag.ObjectRef{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: kind, Name: handle.Strip(name)}
}

func finding(at callsite.Place, about diag.ObjectRef, code, message, help string) diag.Finding {
	return diag.Finding{Code: code, Severity: diag.Error, Object: about, Position: at.Position(), Message: message, Help: help}
}

// findingsOf returns the findings in an error of this module. Any other error
// becomes one finding at the given place.
func findingsOf(at callsite.Place, about diag.ObjectRef, err error) diag.Findings {
	var fs diag.Findings
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fs):
		return fs
	}
	return diag.Findings{finding(at, about, "object-invalid", "an object to create has errors: "+phrase.OneLine(err), "fix the object where it is defined")}
}
