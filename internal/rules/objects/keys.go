package objects

import (
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// keysUnknown reports keys that a checked Secret or ConfigMap does not have. One
// without any keys is not checked: something else fills it.
func keysUnknown(p *rule.Pass, kind string) {
	needs := p.Entry.Needs()
	for i := range needs {
		n := &needs[i]
		if n.Kind != kind || len(n.Keys) == 0 {
			continue
		}
		found := n.Found()
		if found == nil {
			continue
		}
		keys := found.Keys()
		for _, k := range n.Keys {
			if len(keys) == 0 || k.Key == "" || tekref.Contains(k.Key) || found.HasKey(k.Key) {
				continue
			}
			p.Error(k.Spot, k.Key, found.Ref.String()+" has no key "+phrase.Quote(k.Key), phrase.OneOf(k.Key, keys), found.At("data").Related(found.Ref.String()+" is declared here")).Misspelled(k.Key, keys)
		}
	}
}
