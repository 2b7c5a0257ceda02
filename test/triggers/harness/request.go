package harness

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// Request is what a sender posts.
type Request struct {
	Header http.Header
	Body   []byte
}

// GitHub is a delivery of GitHub, signed with a secret; "" signs nothing.
func GitHub(event string, body []byte, secret string) Request {
	r := newRequest(body, "X-GitHub-Event", event, "X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
	return r.sign("X-Hub-Signature-256", secret)
}

// Gitea is a delivery of Gitea, which sends GitHub's headers beside its own.
func Gitea(event string, body []byte, secret string) Request {
	r := newRequest(body, "X-Gitea-Event", event, "X-Gogs-Event", event, "X-GitHub-Event", event, "X-Gitea-Event-Type", event)
	if secret != "" {
		r.Header.Set("X-Gitea-Signature", signature(body, secret))
	}
	return r.sign("X-Hub-Signature-256", secret)
}

// GitLab is a delivery of GitLab, which sends its token as it is.
func GitLab(event string, body []byte, token string) Request {
	r := newRequest(body, "X-Gitlab-Event", event, "X-Gitlab-Event-UUID", "13792a34-cac6-4fda-95a8-c58e00a3954e")
	if token != "" {
		r.Header.Set("X-Gitlab-Token", token)
	}
	return r
}

// Bitbucket is a delivery of Bitbucket, Cloud or Server.
func Bitbucket(event string, body []byte, secret string) Request {
	return newRequest(body, "X-Event-Key", event).sign("X-Hub-Signature", secret)
}

func newRequest(body []byte, headers ...string) Request {
	r := Request{Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// sign adds the HMAC of the body under a header.
func (r Request) sign(header, secret string) Request {
	if secret != "" {
		r.Header.Set(header, "sha256="+signature(r.Body, secret))
	}
	return r
}

func signature(body []byte, secret string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
