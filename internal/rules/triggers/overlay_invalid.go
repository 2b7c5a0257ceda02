package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed overlay-invalid.md
var overlayInvalidText string

var overlayInvalid = &rule.Rule{
	Code:     "overlay-invalid",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     overlayInvalidText,
	Kinds:    triggerKinds,
	Run: func(p *rule.Pass) {
		for _, x := range p.Entry.Interceptors() {
			if x.SoundParams() != nil {
				overlayKeys(p, x.Overlays())
			}
		}
	},
}

// overlayKeys reports the keys of overlays that cannot be set.
func overlayKeys(p *rule.Pass, overlays []facts.Overlay) {
	for i := range overlays {
		o := &overlays[i]
		if fault := keyFault(o.Key); fault != "" {
			p.Error(o.Spot.Field("key"), o.Key, "the overlay key "+fault, "use letters, digits and _")
			continue
		}
		for j := range slices.Backward(overlays[:i]) {
			if overlays[j].Key == o.Key {
				p.Warning(o.Spot.Field("key"), o.Key, "two overlays have the key "+phrase.Quote(o.Key)+"; only the second is used", "rename or remove one of them",
					overlays[j].Spot.Related("the first one"))
				break
			}
		}
	}
}

// keyFault returns why the interceptor cannot set a key; "" if it can. A path with
// a query sets nothing, because it matches nothing yet.
func keyFault(k string) string {
	if k == "" {
		return "is empty, so every event is rejected"
	}
	escaped := false
	for _, r := range k {
		if !escaped && strings.ContainsRune("*?#@|", r) {
			return phrase.Quote(k) + " contains " + phrase.Quote(string(r)) + ", so nothing is set"
		}
		escaped = r == '\\' && !escaped
	}
	return ""
}
