from server.diff import unified_diff


def test_a_diff_says_where_the_final_newline_is_missing() -> None:
    assert unified_diff("a\nb", "a\nc\nb", "x.py") == (
        "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,3 @@\n a\n+c\n b\n\\ No newline at end of file\n"
    )


def test_no_diff_noop() -> None:
    assert unified_diff("a\n", "a\n", "x.py") == ""
