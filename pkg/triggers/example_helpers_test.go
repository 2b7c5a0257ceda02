package triggers_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// condition prints the filters and overlays of the triggers of a listener.
func condition(l *triggers.Listener) {
	objects, err := l.Objects()
	if err != nil {
		fmt.Println(err)
	}
	for _, o := range objects {
		t, ok := o.Object.(*v1beta1.Trigger)
		if !ok {
			continue
		}
		for _, i := range t.Spec.Interceptors {
			for _, p := range i.Params {
				var text string
				if p.Name == "filter" && json.Unmarshal(p.Value.Raw, &text) == nil {
					fmt.Println("when", strings.ReplaceAll(text, " && ", "\n and "))
				}
				var overlays []struct{ Key, Expression string }
				if p.Name == "overlays" && json.Unmarshal(p.Value.Raw, &overlays) == nil {
					for _, x := range overlays {
						fmt.Println(x.Key, "is", x.Expression)
					}
				}
			}
		}
	}
}

// findingsIn returns the findings in an error.
func findingsIn(err error) diag.Findings {
	var found diag.Findings
	errors.As(err, &found)
	return found
}
