// Package naming implements the naming rules of Kubernetes, with messages for
// findings.
package naming

import "k8s.io/apimachinery/pkg/util/validation"

// Rule is the rule for a type of names.
type Rule struct {
	Broken func(string) []string // empty if the name will do
	Form   string                // what a name is that will do: "a DNS label"
	Help   string                // how to write one
}

// Of returns a rule.
func Of(broken func(string) []string, form, help string) Rule { return Rule{broken, form, help} }

const dns = "use only lower-case letters, digits and -, begin and end with a letter or digit"

// DNSName is the rule for the names of most objects.
func DNSName() Rule { return Rule{validation.IsDNS1123Subdomain, "a DNS name", dns} }

// DNSLabel is the rule for namespaces and the like.
func DNSLabel() Rule {
	return Rule{validation.IsDNS1123Label, "a DNS label", dns + ", and use at most 63 characters"}
}

// Service is the rule for the names of Services.
func Service() Rule {
	return Rule{validation.IsDNS1035Label, "a valid Service name", "use only lower-case letters, digits and -, begin with a letter, end with a letter or digit, and use at most 63 characters"}
}

// LabelValue is the rule for the values of labels.
func LabelValue() Rule {
	return Rule{validation.IsValidLabelValue, "a valid label value", "use only letters, digits, -, _ and ., begin and end with a letter or digit, and use at most 63 characters"}
}
