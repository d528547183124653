package flotilla.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for a user: the own settings, then those of the group. */
class EffectiveTest {
    private static final int ROUNDS = 2_000;
    private static final User SILENT = User.create("alice", "hash", "/home")
            .change()
            .expires(java.time.Instant.EPOCH)
            .make();
    /** What belongs to one person, and never to a group. */
    private static final Set<String> PERSONAL =
            Set.of("name", "passwordHash", "home", "expires", "enabled", "admin", "certificates", "group", "mounts");

    @Test
    void eachComponentOfAnAccountIsPersonalOrASettingOfGroups() {
        Set<String> all = new TreeSet<>(PERSONAL);
        all.addAll(Effective.SETTINGS);
        assertEquals(
                Arrays.stream(User.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)),
                all);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everySettingIsInheritedWhereTheAccountSaysNothing(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            User own = some(SILENT, random).change().group("staff").make();
            Group group = new Group("staff", some(SILENT, random));
            User made = Effective.account(own, Optional.of(group));
            Map<String, Effective.Source> sources = Effective.sources(own, Optional.of(group));
            for (RecordComponent component : User.class.getRecordComponents()) {
                String name = component.getName();
                if (name.equals("leniencies")) {
                    continue;
                }
                Object mine = component.getAccessor().invoke(own);
                Object shared = component.getAccessor().invoke(group.settings());
                Object silent = component.getAccessor().invoke(SILENT);
                boolean inherits = Effective.SETTINGS.contains(name) && silent.equals(mine);
                String message = "seed " + seed + ", round " + i + ", " + name;
                assertEquals(inherits ? shared : mine, component.getAccessor().invoke(made), message);
                if (Effective.SETTINGS.contains(name)) {
                    Effective.Source source = !inherits
                            ? Effective.Source.USER
                            : silent.equals(shared) ? Effective.Source.DEFAULT : Effective.Source.GROUP;
                    assertEquals(source, sources.get(name), message);
                }
            }
        }
    }

    private static User some(User user, Random random) {
        User.Builder made = user.change();
        List<Runnable> changes = new ArrayList<>(List.of(
                () -> made.rules(List.of(new PathRule("/" + random.nextInt(9), Set.of(Permission.READ)))),
                () -> made.readOnly(true),
                () -> made.allowedNetworks(List.of("192.0.2." + random.nextInt(9) + "/32")),
                () -> made.maxSessions(1 + random.nextInt(9)),
                () -> made.uploadBytesPerSecond(1 + random.nextInt(9)),
                () -> made.downloadBytesPerSecond(1 + random.nextInt(9)),
                () -> made.maxFileBytes(1 + random.nextInt(9)),
                () -> made.quotaBytes(1 + random.nextInt(9)),
                () -> made.quotaFiles(1 + random.nextInt(9)),
                () -> made.tls(
                        random.nextBoolean() ? User.TlsRequirement.CONTROL : User.TlsRequirement.CONTROL_AND_DATA),
                () -> made.admin(true),
                () -> made.certificates(List.of("CN=" + random.nextInt(9))),
                () -> made.umask("02" + random.nextInt(8)),
                () -> made.encoding("ISO-8859-" + random.nextInt(9)),
                () -> made.mounts(List.of(MountPoint.of("/" + random.nextInt(9), "x")))));
        changes.stream().filter(change -> random.nextBoolean()).forEach(Runnable::run);
        return made.make();
    }

    @Test
    void eachLeniencyIsASettingOfItsOwn() {
        User own = SILENT.change()
                .group("staff")
                .leniencies(List.of("lenient-pbsz=no"))
                .make();
        Group group = new Group(
                "staff",
                SILENT.change()
                        .leniencies(List.of("ascii-as-binary=yes", "lenient-pbsz=yes"))
                        .make());
        assertEquals(
                List.of("lenient-pbsz=no", "ascii-as-binary=yes"),
                Effective.account(own, Optional.of(group)).leniencies());
        assertEquals(
                Effective.Source.USER_AND_GROUP,
                Effective.sources(own, Optional.of(group)).get("leniencies"));
    }

    @Test
    void aGroupThatIsMissingDisablesTheAccount() {
        User own = SILENT.change().group("staff").make();
        assertFalse(Effective.account(own, Optional.empty()).enabled());
        assertEquals(SILENT, Effective.account(SILENT, Optional.empty()));
    }
}
