package secrets_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/secrets"
)

// unparsed are scripts of which the shell parser does not read the line with the command.
var unparsed = map[string]string{
	"an apostrophe":     "#!/bin/sh\necho it's\nCOMMAND",
	"an apostrophe too": "#!/bin/sh\nCOMMAND; echo it's",
	"a syntax error":    "#!/bin/sh\nif\nCOMMAND",
	"a lone done":       "done\nCOMMAND",
	"an open function":  "foo() {\nCOMMAND",
	"an open case":      "case x in\nCOMMAND",
	"another language":  "x={{ foo }} (\nCOMMAND",
	"nested too deeply": ": " + strings.Repeat("$(: ", 25) + strings.Repeat(")", 25) + "\nCOMMAND",
	"too long":          "# " + strings.Repeat("a", 1<<20) + "\nCOMMAND",
	"fish":              "#!/usr/bin/env fish\nCOMMAND",
	"pwsh":              "#!/usr/bin/pwsh\nCOMMAND",
	"python":            "#!/usr/bin/env python3\nos.system(\"COMMAND\")",
	"node":              "#!/usr/bin/env node\nexecSync(`COMMAND`);",
}

// TestUnparsed tests that the passwords of commands are hidden where a script is not parsed.
func TestUnparsed(t *testing.T) {
	for name, text := range unparsed {
		for i, command := range append(passed, scripted...) {
			if name == "too long" && i%20 > 0 {
				continue // it is slow
			}
			if strings.ContainsAny(command, "\"'") && (name == "python" || name == "an apostrophe too") {
				continue
			}
			assertHidden(t, whole(strings.ReplaceAll(text, "COMMAND", command)))
		}
	}
	for _, command := range passed {
		if strings.Contains(command, "--sftp-pass ") || strings.HasPrefix(command, "oc --token ") {
			continue // only a line of a shell shows that it is an option
		}
		words := "['" + strings.Join(strings.Fields(command), "', '") + "']"
		assertHidden(t, whole("#!/usr/bin/env python3\nsubprocess.run("+words+", check=True)"))
		words = strings.NewReplacer("'", `"`, " ", "").Replace(words)
		assertHidden(t, whole("#!/usr/bin/env node\nspawn("+words+")"))
	}
	assertHidden(t, whole("#!/usr/bin/env python3\nrun('mysql -p\"CANARY two words\"')"))
}

// TestUnparsedShown tests that nothing else is hidden there.
func TestUnparsedShown(t *testing.T) {
	for name, before := range unparsed {
		if name == "too long" {
			continue
		}
		for _, command := range unpassed {
			text := task(whole(strings.ReplaceAll(before, "COMMAND", command)))
			assert.Equal(t, text, secrets.Text(text), name)
		}
	}
	for _, line := range []string{
		`subprocess.run(["docker", "login", "-u", user, "-p", password, Host1234])`,
		`subprocess.run(["docker","login","-p",Token1234,"Host1234"])`,
		`run(f"docker login -u {user} -p {Token1234} Host1234")`,
		`run("docker login -u %s -p %s Host1234" % (user, Token1234))`,
		`run("docker login -p " + Token1234)`,
		`# docker login takes -p Option1234`,
		`run("curl -u $USER:$PASSWORD https://Host1234")`,
		`print("use mysql -p PASSWORD")`,
	} {
		text := task(whole("#!/usr/bin/env python3\n" + line))
		assert.Equal(t, text, secrets.Text(text))
	}
}

// whole returns a step with a script, which has its own first line.
func whole(text string) string {
	return strings.Replace(script(text), "#!/bin/sh\n        ", "", 1)
}
