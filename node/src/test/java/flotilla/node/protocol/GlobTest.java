package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "*.txt, a.txt, true",
        "*.txt, .txt, true",
        "*.txt, a.txt.bak, false",
        "a?c, abc, true",
        "a?c, ac, false",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXcYb, false",
        "[ab], a, false",
        "[ab], [ab], true",
        "{a}, {a}, true",
        "a.c, abc, false",
        "A*, abc, false",
        "**, a, true",
        "?, '', false",
        "*, '', true"
    })
    void onlyStarsAndQuestionMarksAreSpecial(String pattern, String name, boolean expected) {
        assertEquals(expected, Glob.matches(pattern, name));
    }

    @Test
    void patternsHaveWildcardsAndFewStars() {
        assertTrue(Glob.isPattern("a*"));
        assertTrue(Glob.isPattern("?"));
        assertFalse(Glob.isPattern("[a]"));
        assertTrue(Glob.isAcceptable("*a*b*c*"));
        assertTrue(Glob.isAcceptable("????????"));
        assertFalse(Glob.isAcceptable("*a*b*c*d*"));
    }

    @Test
    void matchingAgreesWithASlowMatcher() {
        Random random = new Random(5);
        int matched = 0;
        for (int round = 0; round < 200_000; round++) {
            String pattern = text(random, "ab*?", 8);
            String name = text(random, "ab", 10);
            boolean expected = slow(pattern, 0, name, 0);
            assertEquals(expected, Glob.matches(pattern, name), () -> pattern + " " + name);
            matched += expected ? 1 : 0;
        }
        assertTrue(matched > 10_000);
    }

    /** A matcher that returns to every star would need about 10^8 steps for one of these names. */
    @Test
    void theWorstPatternIsMatchedWithoutBackingUpFar() {
        String name = "a".repeat(255);
        assertTimeout(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 2000; i++) {
                assertFalse(Glob.matches("*a*a*a*b", name));
                assertFalse(Glob.matches("*aaaaaaaaaa*aaaaaaaaaa*aaaaaaaaaa*b", name));
            }
        });
    }

    private static String text(Random random, String alphabet, int max) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(max); i > 0; i--) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    private static boolean slow(String pattern, int p, String name, int n) {
        if (p == pattern.length()) {
            return n == name.length();
        }
        if (pattern.charAt(p) == '*') {
            return slow(pattern, p + 1, name, n) || n < name.length() && slow(pattern, p, name, n + 1);
        }
        return n < name.length()
                && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))
                && slow(pattern, p + 1, name, n + 1);
    }
}
