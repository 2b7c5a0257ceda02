package triggers

// Webhook is an event of any sender. Read its fields with Body, Header and CEL. Its
// trigger needs an interceptor that verifies the signature, or Unsigned.
type Webhook struct{ *event }

// AnyEvent returns an event that stands for every request to the listener which
// passes the filters of its trigger.
func AnyEvent() *Webhook { return &Webhook{newEvent("an event", anybody)} }
