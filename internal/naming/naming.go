// Package naming provides the naming rules of Kubernetes, with the words that findings
// need.
package naming

import "k8s.io/apimachinery/pkg/util/validation"

// Rule is the syntax of a type of name.
type Rule struct {
	Problems func(string) []string // returns what is wrong with a name; nothing if it is valid
	Form     string                // what a valid name is: "a DNS label"
	Help     string                // how to write a valid name
}

// New returns a Rule with these fields.
func New(problems func(string) []string, form, help string) Rule { return Rule{problems, form, help} }

const dnsHelp = "use only lower-case letters, digits and -, and begin and end with a letter or digit"

// DNSName returns the rule for the names of most objects.
func DNSName() Rule { return Rule{validation.IsDNS1123Subdomain, "a DNS name", dnsHelp} }

// DNSLabel returns the rule for names such as those of namespaces.
func DNSLabel() Rule {
	return Rule{validation.IsDNS1123Label, "a DNS label", "use only lower-case letters, digits and -, begin and end with a letter or digit, and use at most 63 characters"}
}

// Service returns the rule for the names of Services.
func Service() Rule {
	return Rule{validation.IsDNS1035Label, "a valid Service name", "use only lower-case letters, digits and -, begin with a letter, end with a letter or digit, and use at most 63 characters"}
}

// LabelValue returns the rule for the values of labels.
func LabelValue() Rule {
	return Rule{validation.IsValidLabelValue, "a valid label value", "use only letters, digits, -, _ and ., begin and end with a letter or digit, and use at most 63 characters"}
}
