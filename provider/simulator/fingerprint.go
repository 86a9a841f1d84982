package simulator

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// fingerprint stands for words that are not to be kept: the same words give the same
// one in every run with the same seed.
type fingerprint [8]byte

// fingerprintOf hashes the words with their lengths, so that no two lists agree.
func fingerprintOf(seed uint64, words ...string) fingerprint {
	var room [512]byte
	text := binary.BigEndian.AppendUint64(room[:0], seed)
	for _, w := range words {
		text = binary.BigEndian.AppendUint32(slices.Grow(text, 4+len(w)), uint32(len(w)))
		text = append(text, w...)
	}
	sum := sha256.Sum256(text)
	return fingerprint(sum[:8])
}

func (f fingerprint) String() string { return hex.EncodeToString(f[:]) }

// MarshalText gives sixteen hexadecimal digits.
func (f fingerprint) MarshalText() ([]byte, error) { return []byte(f.String()), nil }
