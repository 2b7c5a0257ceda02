package secrets_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/secrets"
)

// passed are commands with the password CANARY. In lists of words, the program is also the
// name of the image.
var passed = []string{
	"mysql -u SHOWN -pCANARY SHOWN",
	"mysql --host SHOWN --password=CANARY SHOWN",
	"mysqldump -uSHOWN -pCANARY SHOWN",
	"mariadb-admin -pCANARY ping",
	"psql postgres://SHOWN:CANARY@SHOWN/db",
	"redis-cli -h SHOWN -a CANARY ping",
	"redis-cli --pass CANARY ping",
	"redis-server --requirepass CANARY",
	"sshpass -p CANARY ssh SHOWN",
	"sshpass -pCANARY ssh SHOWN",
	"ldapsearch -x -D cn=SHOWN -w CANARY -b dc=SHOWN",
	"ldappasswd -s CANARY -wCANARY SHOWN",
	"smbclient //SHOWN/share -U SHOWN%CANARY -c ls",
	"smbclient //SHOWN/share --user=SHOWN%CANARY",
	"mongo -u SHOWN -p CANARY",
	"mongosh --username SHOWN --password CANARY",
	"mongodump -u=SHOWN -p=CANARY",
	"openssl pkcs12 -in SHOWN -passin pass:CANARY -passout pass:CANARY",
	"openssl enc -aes-256-cbc -k CANARY -in SHOWN",
	"htpasswd -b /SHOWN SHOWN CANARY",
	"htpasswd -nbB SHOWN CANARY",
	"skopeo copy --src-creds user:CANARY --dest-creds=user:CANARY docker://SHOWN docker://SHOWN",
	"skopeo inspect --creds user:CANARY docker://SHOWN",
	"buildah push --creds=user:CANARY SHOWN",
	"podman login -u SHOWN -pCANARY SHOWN",
	"oras login SHOWN -u SHOWN -p CANARY",
	"oras push SHOWN -u SHOWN -p CANARY a.txt",
	"helm registry login SHOWN -u SHOWN -p CANARY",
	"helm repo add SHOWN https://SHOWN --password CANARY",
	"az login --service-principal -u SHOWN -p CANARY --tenant SHOWN",
	"sqlcmd -S SHOWN -U sa -P CANARY -Q SHOWN",
	"sqlcmd -S SHOWN -PCANARY",
	"unzip -P CANARY SHOWN.zip",
	"zip -r -P CANARY SHOWN.zip SHOWN",
	"7z x -pCANARY SHOWN.7z",
	"7za a -pCANARY SHOWN.7z",
	"gpg --batch --passphrase CANARY -d SHOWN",
	"gpg --passphrase=CANARY -d SHOWN",
	"wget --user SHOWN --password CANARY https://SHOWN",
	"wget --http-password=CANARY https://SHOWN",
	"lftp -u SHOWN,CANARY sftp://SHOWN",
	"keytool -import -keystore SHOWN -storepass CANARY -noprompt",
	"jarsigner -keystore SHOWN -storepass CANARY -keypass CANARY SHOWN.jar",
	"rclone copy SHOWN SHOWN --sftp-pass CANARY",
	"vault login CANARY",
	"vault login -no-print token=CANARY",
	"argocd login SHOWN --username SHOWN --password CANARY",
	"argocd app sync SHOWN --auth-token CANARY",
	"oc login -u SHOWN -p CANARY https://SHOWN",
	"oc login --token=CANARY https://SHOWN",
	"oc --token CANARY get pods",
	"kubectl --token CANARY get pods -n SHOWN",
	"kubectl --token=CANARY get pods -n SHOWN",
	"twine upload -u SHOWN -p CANARY dist/*",
	"mosquitto_pub -u SHOWN -P CANARY -t SHOWN",
	"rabbitmqctl add_user SHOWN CANARY",
	"curl -u SHOWN:CANARY https://SHOWN",
	"curl --cert SHOWN:CANARY https://SHOWN",
	"timeout 5 mysql -pCANARY -e SHOWN",
	"kubectl exec SHOWN -- mysql -pCANARY -e SHOWN",
	"sudo -u SHOWN redis-cli -a CANARY",
}

// scripted are commands that only a script can have.
var scripted = []string{
	"PGPASSWORD=CANARY psql -U SHOWN",
	"export REDISCLI_AUTH=CANARY",
	"echo CANARY | docker login -u SHOWN --password-stdin SHOWN",
	"printf '%s' 'CANARY' | helm registry login --password-stdin SHOWN",
	"echo SHOWN:CANARY | chpasswd",
	"echo CANARY | sudo -S apt-get install SHOWN",
	"echo CANARY | gpg --passphrase-fd 0 -d SHOWN",
	"echo CANARY | gh auth login --with-token",
	"ssh SHOWN \"mysql -pCANARY -e SHOWN\"",
	"bash -c 'unzip -P CANARY SHOWN.zip'",
	"ssh SHOWN <<EOF\nredis-cli -a CANARY\nEOF",
	"ftp -n SHOWN <<EOF\nuser SHOWN CANARY\nput SHOWN\nEOF",
	"mysql \\\n  -u SHOWN \\\n  -pCANARY",
	"if ! mysql -p'CANARY' -e SHOWN; then echo SHOWN; fi",
	"X=$(sqlcmd -P \"CANARY\" -Q SHOWN)",
}

// unpassed are commands without a password.
var unpassed = []string{
	"mysql -p -P 3306 -h host1234",
	"mysql -P 3306 --password",
	"mkdir -p Build1234/x",
	"docker run -p 8080:80 Image1234",
	"docker build -t Image1234 -f File1234 .",
	"az vm create -p Plan1234",
	"redis-cli -h Host1234 -p 6379",
	"redis-cli -a \"$PASSWORD\"",
	"ldapsearch -W -D cn=Admin1234",
	"smbclient //Host1234/share -U User1234",
	"openssl genrsa -out Key1234.pem -passout file:Pass1234",
	"openssl req -key File1234.pem -keyout Out1234.pem",
	"htpasswd -v File1234 User1234",
	"skopeo copy docker://Image1234 docker://Image1235",
	"helm install -f Values1234.yaml Name1234",
	"unzip -o File1234.zip -d Dir1234",
	"7z x File1234.7z -oDir1234",
	"keytool -list -keystore File1234",
	"vault login -method=oidc",
	"vault kv get -field=Field1234 Path1234",
	"kubectl port-forward Pod1234 -n Space1234",
	"mongo -u User1234 --host Host1234",
	"sqlcmd -S Server1234 -P \"$SA_PASSWORD\"",
	"echo Text1234 | tee File1234",
	"echo \"$TOKEN\" | docker login -u User1234 --password-stdin",
	"cp -p File1234 File1235",
	"tar -xpf File1234",
	"ssh -p 2222 Host1234",
	"nc -w 5 Host1234 8080",
	"gpg --passphrase-file File1234 -d File1235",
	"curl -u \"$USER:$PASSWORD\" https://Host1234",
}

func TestPassed(t *testing.T) {
	for _, command := range passed {
		assertHidden(t, "command: "+list(command, true))
		assertHidden(t, "image: example.com/SHOWN/"+program(command)+":1\n      args: "+list(command, false))
	}
	for _, command := range append(passed, scripted...) {
		assertHidden(t, script(command))
		assertHidden(t, "command: [sh, -c]\n      args:\n        - |\n          set -e\n          "+strings.ReplaceAll(command, "\n", "\n          "))
	}
	for _, command := range unpassed {
		for _, step := range []string{script(command), "command: " + list(command, true), "image: " + program(command) + "\n      args: " + list(command, false)} {
			text := task(step)
			assert.Equal(t, text, secrets.Text(text))
		}
	}
}

func program(command string) string { return strings.Fields(command)[0] }

// list returns a command as a list of YAML, with or without the program.
func list(command string, all bool) string {
	words := strings.Fields(strings.ReplaceAll(command, `"`, ""))
	if !all {
		words = words[1:]
	}
	return "['" + strings.Join(words, "', '") + "']"
}

func script(command string) string {
	return "script: |\n        #!/bin/sh\n        " + strings.ReplaceAll(command, "\n", "\n        ") + "\n"
}

func task(step string) string {
	return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  steps:\n    - name: b\n      " + step + "\n"
}

// assertHidden asserts that the password is hidden in a step, and nothing else is.
func assertHidden(t *testing.T, step string) {
	t.Helper()
	text := task(strings.ReplaceAll(step, "CANARY", canary))
	shown := secrets.Text(text)
	assert.NotContains(t, shown, canary, "%s", text)
	assert.Equal(t, strings.Count(text, "SHOWN"), strings.Count(shown, "SHOWN"), "%s", shown)
}
