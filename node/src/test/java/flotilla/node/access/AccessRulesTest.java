package flotilla.node.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.access.AddressSet.Range;
import flotilla.node.protocol.Network;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists of addresses that may connect. */
class AccessRulesTest {
    private static final int MOST = 1 << 24;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<String> warned = new ArrayList<>();

    private Optional<Path> file(String name, String text) throws Exception {
        return text.isEmpty() ? Optional.empty() : Optional.of(Files.writeString(directory.resolve(name), text));
    }

    private AccessRules rules(String allow, String deny) throws Exception {
        return AccessRules.open(
                new AccessRules.Settings(file("hosts.allow", allow), file("hosts.deny", deny), MOST), warned::add);
    }

    private static boolean allows(AccessRules rules, String address) throws Exception {
        return rules.allows(InetAddress.getByName(address));
    }

    @Test
    void theFirstListLetsInTheSecondKeepsOutAndTheRestMay() throws Exception {
        AccessRules both = rules("vsftpd: 10.0.0.0/8", "ALL: 10.1.0.0/16, 192.0.2.7");
        assertTrue(allows(both, "10.1.2.3"));
        assertFalse(allows(both, "192.0.2.7"));
        assertTrue(allows(both, "192.0.2.8"));
        assertTrue(allows(both, "2001:db8::1"));
        assertTrue(allows(rules("", ""), "192.0.2.7"));
        assertTrue(allows(rules("ALL: 10.0.0.1", ""), "192.0.2.7"), "the first list alone keeps nobody out");
        AccessRules closed = rules("flotilla: [2001:db8::]/32 LOCAL\nvsftpd: 192.0.2.", "ALL: ALL");
        assertFalse(allows(closed, "2001:db8::1"), "the line has a part that is not understood");
        assertTrue(allows(closed, "192.0.2.200"));
        assertFalse(allows(closed, "192.0.3.1"));
        assertFalse(allows(closed, "::1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALL: 192.168.1.|192.168.1.77|192.168.2.1",
                "ALL: 10.|10.255.0.1|11.0.0.1",
                "vsftpd : 131.155.72.0/255.255.254.0|131.155.73.9|131.155.74.0",
                "sshd, vsftpd: 10.0.0.5|10.0.0.5|10.0.0.6",
                "VSFTPD: 10.0.0.5 10.0.0.7|10.0.0.7|10.0.0.6",
                "ALL EXCEPT sshd: 10.0.0.5|10.0.0.5|10.0.0.6",
                "flotilla: [2001:db8:1::]/48|2001:db8:1::5|2001:db8:2::5",
                "flotilla: [2001:db8::7]|2001:db8::7|2001:db8::8",
                "ALL: ALL EXCEPT 10.0.0.0/8 EXCEPT 10.1.0.0/16|10.1.0.1|10.2.0.1",
                "ALL: 10.0.0.0/8 EXCEPT 10.1.|10.2.0.1|10.1.0.1",
                "10.0.0.0/8|10.0.0.1|11.0.0.1",
                "10.1.2.3/8|10.0.0.1|11.0.0.1",
                "10.0.0.0/8 # office|10.0.0.1|11.0.0.1",
                "10.0.0.1 10.0.0.2 # office: two|10.0.0.2|10.0.0.3",
                "10.0.0.1 # office: main|10.0.0.1|10.0.0.2",
                "2001:db8::/32 # lab|2001:db8::1|2001:db9::1",
                "ALL: 0.0.0.0/0|1.2.3.4|::1",
                "ALL: [::]/0|::1|1.2.3.4",
                "ALL: 10.0.0.1: deny|10.0.0.1|10.0.0.2",
                "ALL:ALL EXCEPT 192.168.0.0/255.255.0.0|8.8.8.8|192.168.3.4"
            })
    void aLineOfHostsDenyCovers(String line, String in, String out) throws Exception {
        AccessRules rules = rules("", line);
        assertFalse(allows(rules, in));
        assertTrue(allows(rules, out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sshd: ALL", "ALL EXCEPT vsftpd: ALL", "# ALL: ALL", "sshd: .example.org: spawn (mail)"})
    void aLineForOthersCountsForNothing(String line) throws Exception {
        assertTrue(allows(rules("", line), "10.0.0.1"));
    }

    @Test
    void aLineGoesOnAfterABackslash() throws Exception {
        AccessRules rules = rules("", "# first\nALL: 10.0.0.1 \\\n  10.0.0.2\nALL: 10.0.0.3\\");
        for (String denied : List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")) {
            assertFalse(allows(rules, denied));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALL: .example.org",
                "ALL: host.example.org",
                "ALL: @netgroup",
                "ALL: /etc/banned",
                "ALL: PARANOID",
                "ALL: ALL EXCEPT LOCAL",
                "ALL: user@10.0.0.1",
                "ALL: 10.0.0.?",
                "ALL: 10.0.0.1: spawn (mail root)",
                "ALL: 10.0.0.1: allow",
                "ALL: 2001:db8::1",
                "ALL: 10.0.0.0/255.0.255.0",
                "ALL: 10.0.0.0/33",
                "ALL: 10.1.2.3/255.0.0.0",
                "ALL: 10.1.2.3/8",
                "ALL: [2001:db8::1]/32",
                "ALL: 10.0.0.256",
                "ALL: 10",
                "ALL:",
                "vsftpd@10.0.0.1: ALL",
                "10.0.0.0/8x"
            })
    void aLineOfDenyThatIsNotUnderstoodRefusesTheStart(String line) {
        ListProblem problem = assertThrows(ListProblem.class, () -> rules("", "ALL: 10.9.9.9\n" + line));
        assertTrue(
                String.valueOf(problem.getMessage()).startsWith(directory.resolve("hosts.deny") + ":2: "),
                problem::toString);
    }

    @Test
    void aLineOfAllowThatIsNotUnderstoodIsLeftOutUnlessItDenies() throws Exception {
        AccessRules rules = rules("ALL: .example.org\nALL: 10.0.0.1\nALL: 10.0.0.2: spawn (x)\n", "ALL: ALL");
        assertTrue(allows(rules, "10.0.0.1"));
        assertFalse(allows(rules, "10.0.0.2"));
        assertEquals(2, warned.size());
        assertTrue(warned.get(0).contains("hosts.allow:1: .example.org"), warned::toString);
        String many = "ALL: .example.org\n".repeat(HostsFile.MOST_NOTES + 5);
        assertThrows(ListProblem.class, () -> rules(many + "ALL: 10.0.0.3: DENY", ""));
        warned.clear();
        rules(many, "");
        assertEquals(HostsFile.MOST_NOTES, warned.size());
    }

    @Test
    void aChangedFileCountsUnlessItIsNotUnderstood() throws Exception {
        AccessRules rules = rules("", "ALL: 10.0.0.1");
        Path deny = directory.resolve("hosts.deny");
        change(rules, deny, "ALL: 10.0.0.2", 1_000);
        assertTrue(allows(rules, "10.0.0.1"));
        assertFalse(allows(rules, "10.0.0.2"));
        change(rules, deny, "ALL: .example.org", 2_000);
        assertFalse(allows(rules, "10.0.0.2"));
        Files.delete(deny);
        rules.look();
        assertFalse(allows(rules, "10.0.0.2"), "a list that is gone opens nothing");
    }

    private static void change(AccessRules rules, Path file, String text, long time) throws Exception {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(time));
        rules.look();
    }

    /** Many networks of both families, with and without others taken out, agree with a check of each network. */
    @Test
    void aSetAgreesWithItsNetworks() throws Exception {
        Random random = new Random(8);
        for (int round = 0; round < 200; round++) {
            List<Network> in = networks(random);
            List<Network> out = networks(random);
            AddressSet set = set(in).minus(set(out));
            for (int i = 0; i < 200; i++) {
                InetAddress address = address(random);
                boolean expected = Network.anyContains(in, address) && !Network.anyContains(out, address);
                assertEquals(expected, set.contains(address), () -> address + " in " + in + " without " + out);
            }
        }
    }

    private static AddressSet set(List<Network> networks) {
        return AddressSet.of(networks.stream().map(Range::of).toList());
    }

    private static List<Network> networks(Random random) throws Exception {
        List<Network> networks = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            InetAddress base = address(random);
            networks.add(new Network(base, random.nextInt(8 * base.getAddress().length + 1)));
        }
        return networks;
    }

    /** Few different bytes, so that addresses meet networks. */
    private static InetAddress address(Random random) throws Exception {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        byte[] some = {0, 1, (byte) 0x80, (byte) 0xff};
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = some[random.nextInt(some.length)];
        }
        return InetAddress.getByAddress(bytes);
    }
}
