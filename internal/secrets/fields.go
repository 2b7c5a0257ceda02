package secrets

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// references finds params of resolvers that have the name of a Secret or of a key in it, as
// token of the git resolver has.
func (f *finder) references(n *yamlread.Node) {
	params := n.Get("params")
	if n.Get("resolver") == nil || params == nil {
		return
	}
	for _, item := range params.Items {
		if value := item.Get("value"); item.Get("name") != nil && value != nil && isName(value.Text) {
			if f.names == nil {
				f.names = map[*yamlread.Node]bool{}
			}
			f.names[item] = true
		}
	}
}

// named hides the value or the default of a variable or a param that is named like a
// secret, under whatever key it is.
func (f *finder) named(n *yamlread.Node, key string) {
	name := n.Get("name")
	if f.names[n] || name == nil || name.Kind != yamlread.String {
		return
	}
	is := paramName
	if key == "env" || key == "header" {
		is = variableName
	}
	if !hasSecretWord(name.Text) {
		return
	}
	for i, item := range n.Items {
		switch k := n.Keys[i].Name; {
		case k == "name" || key != "env" && key != "params" && key != "header" && k != "value" && k != "default" || item.Kind == yamlread.Map && key == "env":
		case k == "description" || k == "type" || k == "properties":
		case sounds(name.Text, item.Text, is):
			f.valued(name.Text, item)
		}
	}
	for _, t := range n.Twice {
		if (t.Name == "value" || t.Name == "default") && sounds(name.Text, "", is) {
			f.twice(t)
		}
	}
}

// configMap hides the data of a ConfigMap that is named as if it were a Secret.
func (f *finder) configMap(n *yamlread.Node) {
	kind, metadata, data := n.Get("kind"), n.Get("metadata"), n.Get("data")
	if kind == nil || kind.Text != "ConfigMap" || metadata == nil || data == nil || data.Kind != yamlread.Map {
		return
	}
	name := metadata.Get("name")
	if name == nil {
		return
	}
	words := wordsOf(name.Text)
	if len(words) == 0 || !isSecretWord(words[len(words)-1]) && !slices.Contains(secretMaps, words[len(words)-1]) {
		return
	}
	for _, item := range data.Items {
		f.valued(name.Text, item)
	}
}

// secretMaps are the last words of the names of ConfigMaps with secrets.
var secretMaps = []string{"secret", "secrets", "credential", "credentials", "creds"}

// valued hides the value of a name, or the items of its list or map.
func (f *finder) valued(name string, v *yamlread.Node) {
	if v.Kind == yamlread.List || v.Kind == yamlread.Map && v.Get("secretName") == nil && v.Get("secretKey") == nil {
		for _, item := range v.Items {
			if len(item.Items) == 0 {
				f.valued(name, item)
			}
		}
	}
	if len(v.Items) > 0 {
		return
	}
	switch text := cmp.Or(v.Written, v.Text); {
	case Valued(name, text):
		f.out.value(text)
		f.out.value(v.Text)
		f.scalar(v)
	case v.Kind == yamlread.String:
		// A part of it may be a variable, and the rest a secret.
		for _, part := range around(v.Text) {
			if isDistinctive(part) && Valued(name, part) {
				f.find(part, v)
			}
		}
	}
}

// around returns what is around the variables of Tekton in a text; nil if it has none.
func around(text string) []string {
	var all []string
	last := 0
	for v := range tekref.Scan(text) {
		if !v.Open && v.Start >= last {
			all = append(all, strings.TrimSpace(text[last:v.Start]))
			last = v.End
		}
	}
	if last == 0 {
		return nil
	}
	return append(all, strings.TrimSpace(text[last:]))
}

// fields hides fields that are named like a secret, such as those of an object that is the
// value of a param, of a kubeconfig or of the values of a Helm chart.
func (f *finder) fields(n *yamlread.Node) {
	for i, item := range n.Items {
		if item.Kind == yamlread.List && hasSecretWord(n.Keys[i].Name) {
			f.listed(n.Keys[i].Name, item)
		}
		if text := cmp.Or(item.Written, item.Text); item.Kind != yamlread.Map && len(text) >= short && hasSecretWord(n.Keys[i].Name) && sounds(n.Keys[i].Name, text, fieldName) {
			f.valued(n.Keys[i].Name, item)
		}
	}
}

// listed hides the items of a list that is named like a secret.
func (f *finder) listed(name string, list *yamlread.Node) {
	for _, item := range list.Items {
		if text := cmp.Or(item.Written, item.Text); len(item.Items) == 0 && len(text) >= short && sounds(name, text, fieldName) {
			f.valued(name, item)
		}
	}
}

// when hides the values with which a when expression compares a param that is named like a
// secret.
func (f *finder) when(n *yamlread.Node) {
	input, values := n.Get("input"), n.Get("values")
	if input == nil || values == nil || values.Kind != yamlread.List || !hasSecretWord(input.Text) {
		return
	}
	if name, ok := strings.CutPrefix(input.Text, "$("); ok {
		name = strings.TrimRight(name, ")\"']")
		f.listed(name[strings.LastIndexAny(name, ".\"'")+1:], values)
	}
}

// generator hides the literals from which kustomize generates Secrets.
func (f *finder) generator(n *yamlread.Node) {
	for _, item := range n.Items {
		if literals := item.Get("literals"); literals != nil {
			for _, l := range literals.Items {
				if _, value, ok := strings.Cut(l.Text, "="); ok && value != "" {
					f.find(value, l)
					f.out.secrets = append(f.out.secrets, value, strings.Trim(value, `"'`))
				}
			}
		}
	}
}
