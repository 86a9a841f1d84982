package simulator

// gsm is how many places each character of the GSM 03.38 alphabet takes: those of its
// second table are written with an escape, and take two.
var gsm = func() map[rune]int {
	width := map[rune]int{}
	for _, r := range "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà" {
		width[r] = 1
	}
	for _, r := range "\f^{}\\[~]|€" {
		width[r] = 2
	}
	return width
}()

// smsParts says in how many parts an SMS travels, and whether it needs UCS-2. A
// character is never divided between two parts.
func smsParts(text string) (parts int, unicode bool) {
	width := gsmWidth
	alone, joined := 160, 153
	for _, r := range text {
		if gsmWidth(r) == 0 {
			unicode, width, alone, joined = true, utf16Width, 70, 67
			break
		}
	}
	total, inPart := 0, 0
	parts = 1
	for _, r := range text {
		w := width(r)
		total += w
		if inPart += w; inPart > joined {
			parts++
			inPart = w
		}
	}
	if total <= alone {
		parts = 1
	}
	return parts, unicode
}

// gsmWidth is 0 for a character that is not in the alphabet.
func gsmWidth(r rune) int { return gsm[r] }

func utf16Width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}
