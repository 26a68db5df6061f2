"""Texts over which tokenizers differ."""

ODD_TEXTS = (
    " ",
    "\n",
    "\r\n",
    "a\r\nb\rc\n\n\n  d",
    "\tif x:\n\t\treturn\t1\n",
    "\n\n\n\t\t\t    \n \n",
    "1234567890 3.14e-10 0xFF 1_000",
    "naïve café Ωmega 漢字 ひらがな مرحبا हिन्दी",
    "👩‍👩‍👧‍👦 🇪🇺 e\u0301 \u212b \u200b\u00a0\u3000x\ufeff",
    "it's we'll I'M DON'T 'tis ''' \"\"\"",
    "\x00\x01\x7f\x0b\x0c\x1c\x85\u2028\u2029",
    "<|diff|> <|endoftext|> <|im_start|> [unused601]",
    "@@ -120,0 +121,2 @@\n+    x = 1\n",
    "    " * 9 + "pass" + " " * 7,
    " " * 53 + "x\n" + " " * 24 + "y",
    "ℝ² = ½ ① Ⅷ ٣",
)
