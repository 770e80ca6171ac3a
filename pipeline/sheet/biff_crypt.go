package sheet

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"fmt"
	"math/bits"
	"slices"
	"unicode/utf16"
)

// defaultPassword opens workbooks that were protected against changes only:
// Excel encrypts them with it and asks nobody.
const defaultPassword = "VelvetSweatshop"

// decryptBIFF returns the stream with its records in plain, trying the passwords
// in turn; pass is the body of the FILEPASS record, end its end in the stream.
func decryptBIFF(stream []byte, end int, pass []byte, biff8 bool, passwords []string) ([]byte, error) {
	var open func(password string) (biffCipher, bool)
	switch {
	case !biff8 && len(pass) >= 4:
		open = func(password string) (biffCipher, bool) { return newXORCipher(password, pass) }
	case len(pass) >= 6 && le.Uint16(pass) == 0:
		open = func(password string) (biffCipher, bool) { return newXORCipher(password, pass[2:]) }
	case len(pass) >= 54 && le.Uint16(pass) == 1 && le.Uint16(pass[2:]) == 1:
		open = func(password string) (biffCipher, bool) { return newRC4Cipher(password, pass[6:]) }
	case len(pass) >= 14 && le.Uint16(pass) == 1 && le.Uint16(pass[4:]) == 2:
		open = func(password string) (biffCipher, bool) { return newCryptoAPICipher(password, pass[6:]) }
	default:
		return nil, fmt.Errorf("%w: it is encrypted in a way that is not known; save it without a password", ErrEncrypted)
	}
	for _, password := range append([]string{defaultPassword}, passwords...) {
		if cipher, ok := open(password); ok {
			plain := slices.Clone(stream)
			decryptRecords(plain, end, cipher)
			return plain, nil
		}
	}
	return nil, fmt.Errorf("%w: none of %d passwords opens the workbook; add its password to the password file", ErrEncrypted, len(passwords))
}

// A biffCipher decrypts bytes in place. at is their place in the stream, size
// the length of the record that they belong to.
type biffCipher interface {
	decrypt(b []byte, at, size int)
}

// decryptRecords decrypts the bodies of all records behind from. Record heads
// stay in plain, and so do a few records that are needed before the password,
// and the sheets' offsets ([MS-XLS] 2.2.10).
func decryptRecords(stream []byte, from int, cipher biffCipher) {
	s := biffStream{data: stream, pos: from}
	for {
		id, body, ok := s.next()
		if !ok {
			return
		}
		at := s.pos - len(body)
		switch id {
		case biffBOF, biffFilePass, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196: // INTERFACEHDR, RRDHEAD, USREXCL, FILELOCK, RRDINFO
		case biffBoundSheet:
			if len(body) > 4 {
				cipher.decrypt(body[4:], at+4, len(body))
			}
		default:
			cipher.decrypt(body, at, len(body))
		}
	}
}

// An xorCipher is the obfuscation of Excel 95 ([MS-OFFCRYPTO] 2.3.7, method 1).
type xorCipher [16]byte

func newXORCipher(password string, pass []byte) (*xorCipher, bool) {
	var text []byte // a character is its low byte, or its high byte where the low one is zero
	for _, u := range utf16.Encode([]rune(password)) {
		c := byte(u)
		if c == 0 {
			c = byte(u >> 8)
		}
		text = append(text, c)
	}
	text = text[:min(len(text), 15)]
	if len(text) == 0 {
		return nil, false
	}

	var verifier uint16
	for i, c := range text { // each character turned in 15 bits by its place
		turn := (i + 1) % 15
		verifier ^= (uint16(c)<<turn | uint16(c)>>(15-turn)) & 0x7FFF
	}
	verifier ^= uint16(len(text)) ^ 0xCE4B

	key, base, end := uint16(0), uint16(0x8000), uint16(0xFFFF)
	step := func(v uint16) uint16 {
		v = bits.RotateLeft16(v, 1)
		if v&1 != 0 {
			v ^= 0x1020
		}
		return v
	}
	for _, c := range slices.Backward(text) {
		c &= 0x7F
		for range 8 {
			base, end = step(base), step(end)
			if c&1 != 0 {
				key ^= base
			}
			c >>= 1
		}
	}
	key ^= end
	if key != le.Uint16(pass) || verifier != le.Uint16(pass[2:]) {
		return nil, false
	}

	var x xorCipher
	n := copy(x[:], text)
	copy(x[n:], "\xBB\xFF\xFF\xBA\xFF\xFF\xB9\x80\x00\xBE\x0F\x00\xBF\x0F\x00")
	for i := range x {
		x[i] = bits.RotateLeft8(x[i]^byte(key>>(8*(i&1))), 2)
	}
	return &x, true
}

func (x *xorCipher) decrypt(b []byte, at, size int) {
	for i := range b {
		b[i] = bits.RotateLeft8(b[i], 3) ^ x[(at+size+i)&15]
	}
}

// An rc4Cipher is RC4 with a new key every 1024 bytes of the stream; record
// heads use up key bytes too.
type rc4Cipher struct {
	blockKey func(block uint32) []byte
	block    int
	place    int // the next byte inside the block
	stream   *rc4.Cipher
}

const rc4Block = 1024

func (c *rc4Cipher) seek(at int) {
	if block := at / rc4Block; c.stream == nil || block != c.block || at%rc4Block < c.place {
		stream, err := rc4.NewCipher(c.blockKey(uint32(block)))
		if err != nil {
			panic(err) // keys have 5 to 20 bytes
		}
		c.block, c.place, c.stream = block, 0, stream
	}
	var waste [rc4Block]byte
	skip := waste[:at%rc4Block-c.place]
	c.stream.XORKeyStream(skip, skip)
	c.place = at % rc4Block
}

func (c *rc4Cipher) decrypt(b []byte, at, size int) {
	for len(b) > 0 {
		c.seek(at)
		n := min(len(b), rc4Block-c.place)
		c.stream.XORKeyStream(b[:n], b[:n])
		c.place += n
		at += n
		b = b[n:]
	}
}

// opens tells whether the key is right: the hash of the deciphered verifier is
// the deciphered hash, both enciphered in one go with the key of block 0.
func (c *rc4Cipher) opens(verifier, hash []byte, sum func([]byte) []byte) bool {
	both := slices.Concat(verifier, hash)
	c.decrypt(both, 0, len(both))
	*c = rc4Cipher{blockKey: c.blockKey}
	return bytes.Equal(sum(both[:len(verifier)]), both[len(verifier):])
}

// newRC4Cipher is the encryption of Excel 97 ([MS-OFFCRYPTO] 2.3.6): salt,
// verifier and its hash, 16 bytes each.
func newRC4Cipher(password string, head []byte) (biffCipher, bool) {
	first := md5.Sum(passwordBytes(password))
	salted := bytes.Repeat(slices.Concat(first[:5], head[:16]), 16)
	base := md5.Sum(salted)
	c := &rc4Cipher{blockKey: func(block uint32) []byte {
		key := md5.Sum(le.AppendUint32(slices.Clone(base[:5]), block))
		return key[:]
	}}
	return c, c.opens(head[16:32], head[32:48], func(b []byte) []byte { h := md5.Sum(b); return h[:] })
}

// newCryptoAPICipher is the encryption of Excel 2002 and later ([MS-OFFCRYPTO]
// 2.3.5): flags, the size of the header, the header, the verifier.
func newCryptoAPICipher(password string, info []byte) (biffCipher, bool) {
	size := int(le.Uint32(info[4:]))
	if size < 20 || size > len(info)-8-60 {
		return nil, false
	}
	header, verifier := info[8:8+size], info[8+size:]
	keySize := int(le.Uint32(header[16:])) / 8
	if keySize == 0 {
		keySize = 5
	}
	if keySize < 5 || keySize > 16 || le.Uint32(verifier) != 16 {
		return nil, false
	}
	base := sha1.Sum(slices.Concat(verifier[4:20], passwordBytes(password)))
	c := &rc4Cipher{blockKey: func(block uint32) []byte {
		sum := sha1.Sum(le.AppendUint32(slices.Clone(base[:]), block))
		if keySize == 5 { // 40-bit keys are filled up with zeros
			return append(sum[:5:5], make([]byte, 11)...)
		}
		return sum[:keySize]
	}}
	return c, c.opens(verifier[20:36], verifier[40:60], func(b []byte) []byte { h := sha1.Sum(b); return h[:] })
}

// passwordBytes returns a password in UTF-16, as ciphers hash it.
func passwordBytes(password string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(password)) {
		b = le.AppendUint16(b, u)
	}
	return b
}
