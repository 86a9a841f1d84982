package api

// posted describes what receivers outside are posted, by its type.
func (s *schemas) posted() schema {
	news := body[MessageEvent](asJSON)
	return schema{
		"message.closed":    s.post("messageClosed", "A message moves no more: delivered, failed, unconfirmed, expired, cancelled or suppressed.", news),
		"message.escalated": s.post("messageEscalated", "A leg ended without success, and the next one begins.", news),
		"message.late":      s.post("messageLate", "A message that was closed otherwise was delivered after all.", news),
		"message.inbound":   s.post("messageInbound", "A person wrote, be it a reply or a STOP.", body[InboundEvent](asJSON)),
	}
}

func (s *schemas) post(name, does string, of content) schema {
	var headers []any
	for _, h := range []struct{ name, means string }{
		{"webhook-id", "The same however often the same is posted: a receiver that has seen it drops it."},
		{"webhook-timestamp", "When it was posted, in seconds of Unix time. More than five minutes from now is no post of ours."},
		{"webhook-signature", "v1 and a comma, then base64 of HMAC-SHA256 of id, timestamp and body, joined by dots, as Standard Webhooks has it; with two secrets two of these, with a space between."},
	} {
		headers = append(headers, schema{"name": h.name, "in": "header", "required": true, "description": h.means, "schema": schema{"type": "string"}})
	}
	return schema{"post": schema{
		"operationId": name, "description": does + " It comes at least once, in no order that is promised, and is tried for a day.",
		"parameters":  headers,
		"requestBody": schema{"required": true, "content": s.contents(one(of))},
		"responses": schema{
			"2XX":     schema{"description": "It was taken."},
			"410":     schema{"description": "The receiver wants nothing any more, until somebody redelivers to it."},
			"default": schema{"description": "It is tried again, after Retry-After if that is told."},
		},
	}}
}
