package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// examples has a command line for every command that does something; a test parses each.
var examples = map[string]string{
	"cascade demo":     "cascade demo --recipients 500 --seed 7",
	"cascade run":      "cascade run spring.yaml --recipients spring.csv --config cascade.yaml --threshold 'delivered>=0.95'",
	"cascade serve":    "cascade serve --config cascade.yaml --roles api,scheduler",
	"cascade simulate": "cascade simulate --callbacks http://127.0.0.1:8080/callbacks/main/0123456789abcdef",

	"cascade campaign validate": "cascade campaign validate spring.yaml --recipients spring.csv --config cascade.yaml",
	"cascade campaign create":   "cascade campaign create spring.yaml --server https://cascade.example.com --token-file token",
	"cascade campaign upload":   "cascade campaign upload spring spring.csv",
	"cascade campaign rejects":  "cascade campaign rejects spring > spring-rejects.csv",
	"cascade campaign list":     "cascade campaign list",
	"cascade campaign show":     "cascade campaign show spring --output json",
	"cascade campaign watch":    "cascade campaign watch spring --threshold 'delivered>=0.95'",
	"cascade campaign start":    "cascade campaign start spring --reason 'approved by marketing'",
	"cascade campaign pause":    "cascade campaign pause spring --reason 'wrong voucher'",
	"cascade campaign resume":   "cascade campaign resume spring",
	"cascade campaign cancel":   "cascade campaign cancel spring --yes --reason 'the shop is closed'",
	"cascade campaign retry":    "cascade campaign retry spring --phase failed --only absent --dry-run",
	"cascade campaign export":   "cascade campaign export spring --format csv > spring-messages.csv",

	"cascade message send": "cascade message send order.json",
	"cascade message show": "cascade message show 03d473df-0d00-8048-94b4-27f6f29528e6",
	"cascade message list": "cascade message list spring --phase failed --phase unconfirmed --channel sms",
	"cascade message find": "cascade message find --region IT < number.txt",

	"cascade suppression add":    "cascade suppression add letters.txt --region IT --reason 'by letter'",
	"cascade suppression import": "cascade suppression import unsubscribed.csv --column telefono --region IT --reason 'from the old system'",
	"cascade suppression check":  "cascade suppression check < numbers.txt",
	"cascade suppression remove": "cascade suppression remove numbers.txt --reason 'they signed up again'",
	"cascade suppression list":   "cascade suppression list",

	"cascade lane list":         "cascade lane list",
	"cascade lane pause":        "cascade lane pause main.whatsapp --reason 'the provider asked for it'",
	"cascade lane resume":       "cascade lane resume main.whatsapp",
	"cascade lane go-on":        "cascade lane go-on main.whatsapp --reason 'the webhook is mended'",
	"cascade queue list":        "cascade queue list",
	"cascade worker list":       "cascade worker list",
	"cascade account pause":     "cascade account pause main --reason 'the invoice is open'",
	"cascade account resume":    "cascade account resume main",
	"cascade webhook list":      "cascade webhook list",
	"cascade webhook redeliver": "cascade webhook redeliver shop --campaign spring --since 2026-12-01T09:00:00Z --reason 'the receiver was away'",
	"cascade stop":              "cascade stop --reason 'wrong texts are going out'",
	"cascade resume":            "cascade resume",
	"cascade audit":             "cascade audit --limit 20",

	"cascade config check": "cascade config check --config cascade.yaml",
	"cascade version":      "cascade version --output json",
	"cascade man":          "cascade man /usr/local/share/man/man1",
}

// showExamples gives each command below its example.
func showExamples(cmd *cobra.Command) {
	if example := examples[cmd.CommandPath()]; example != "" {
		cmd.Example = "  " + strings.ReplaceAll(example, "\n", "\n  ")
	}
	for _, sub := range cmd.Commands() {
		showExamples(sub)
	}
}
