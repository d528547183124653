package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.protocol.Facts.Fact;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Entry.Type;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FactsTest {
    /** RFC 3659, section 7.2: entry = [ facts ] SP pathname. */
    private static final Pattern GRAMMAR = Pattern.compile("(?:[A-Za-z0-9.!#$%&'*+^_`|~-]+=[^; ]*;)* (.*)");

    private static final Entry FILE = new Entry("a b", Type.FILE, 5_000_000_000L, 1_000_000_000_000L, 0640, "8-15");
    private static final Entry DIRECTORY = new Entry("d", Type.DIRECTORY, 0, 0, 0755, "8-16");

    private static String line(Set<Fact> chosen, Entry entry, String permissions) {
        StringBuilder out = new StringBuilder();
        Facts.append(out, chosen, entry, permissions, entry.name());
        return out.toString();
    }

    @Test
    void everyFactHasItsForm() {
        assertEquals(
                "type=file;size=5000000000;modify=20010909014640;perm=adfrw;unique=8-15;"
                        + "UNIX.mode=0640;UNIX.owner=ftp;UNIX.group=ftp; a b",
                line(Facts.all(), FILE, "adfrw"));
    }

    @Test
    void directoriesHaveNoSize() {
        assertEquals("type=dir; d", line(EnumSet.of(Fact.TYPE, Fact.SIZE), DIRECTORY, "el"));
        assertEquals("type=OS.unix=other; s", line(Set.of(Fact.TYPE), new Entry("s", Type.OTHER, 0, 0, 0, ""), ""));
        assertEquals("type=OS.unix=fifo; s", line(Set.of(Fact.TYPE), new Entry("s", Type.FIFO, 0, 0, 0, ""), ""));
    }

    @Test
    void aUserMayHaveNoPermissions() {
        assertEquals("perm=; a b", line(Set.of(Fact.PERM), FILE, ""));
    }

    @Test
    void withoutFactsTheLineBeginsWithTheSpace() {
        assertEquals(" a b", line(Set.of(), FILE, "r"));
    }

    @Test
    void everyChoiceFollowsTheGrammar() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            Set<Fact> chosen = EnumSet.noneOf(Fact.class);
            for (Fact fact : Fact.values()) {
                if (random.nextBoolean()) {
                    chosen.add(fact);
                }
            }
            var matcher = GRAMMAR.matcher(line(chosen, FILE, "adfrw"));
            assertTrue(matcher.matches());
            assertEquals("a b", matcher.group(1));
            assertEquals(chosen, Facts.parse(Facts.names(chosen)));
        }
    }

    @Test
    void optsDropsWhatItDoesNotKnowAndIgnoresCase() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals(
                    EnumSet.of(Fact.SIZE, Fact.UNIQUE, Fact.UNIX_MODE),
                    Facts.parse("SIZE;create;Unique;unix.MODE;;charset;"));
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(Set.of(), Facts.parse(""));
        assertEquals(Set.of(Fact.TYPE), Facts.parse("type"));
        assertEquals("type;size;", Facts.names(Facts.parse("size;type;")));
    }

    @Test
    void featureMarksWhatIsOn() {
        assertEquals(
                "type*;size;modify*;perm;unique;UNIX.mode;UNIX.owner;UNIX.group;",
                Facts.feature(EnumSet.of(Fact.TYPE, Fact.MODIFY), EnumSet.allOf(Capability.class)));
    }
}
