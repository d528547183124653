package flotilla.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The account that holds: what the user's own account says, and what its group says where the account says nothing. An
 * account says nothing with a number of 0, an empty list, an empty umask or encoding, {@code readOnly = false}, and the TLS
 * requirement of the listener. Each leniency is a setting of its own.
 */
public final class Effective {
    /** Where a value comes from. */
    public enum Source {
        USER,
        GROUP,
        /** Leniencies of both. */
        USER_AND_GROUP,
        DEFAULT
    }

    private record Setting<T>(String name, Function<User, T> get, BiConsumer<User.Builder, T> set, T silent) {
        boolean isSaidBy(User user) {
            return !get.apply(user).equals(silent);
        }

        void copy(User from, User.Builder to) {
            set.accept(to, get.apply(from));
        }
    }

    private static final String LENIENCIES = "leniencies";
    private static final List<Setting<?>> ALL = List.of(
            new Setting<>("rules", User::rules, User.Builder::rules, List.of()),
            new Setting<>("readOnly", User::readOnly, User.Builder::readOnly, false),
            new Setting<>("allowedNetworks", User::allowedNetworks, User.Builder::allowedNetworks, List.of()),
            new Setting<>("maxSessions", User::maxSessions, User.Builder::maxSessions, 0),
            new Setting<>("uploadBytesPerSecond", User::uploadBytesPerSecond, User.Builder::uploadBytesPerSecond, 0L),
            new Setting<>(
                    "downloadBytesPerSecond", User::downloadBytesPerSecond, User.Builder::downloadBytesPerSecond, 0L),
            new Setting<>("maxFileBytes", User::maxFileBytes, User.Builder::maxFileBytes, 0L),
            new Setting<>("quotaBytes", User::quotaBytes, User.Builder::quotaBytes, 0L),
            new Setting<>("quotaFiles", User::quotaFiles, User.Builder::quotaFiles, 0L),
            new Setting<>("tls", User::tls, User.Builder::tls, User.TlsRequirement.LISTENER),
            new Setting<>(LENIENCIES, User::leniencies, User.Builder::leniencies, List.of()),
            new Setting<>("umask", User::umask, User.Builder::umask, ""),
            new Setting<>("encoding", User::encoding, User.Builder::encoding, ""));

    /** The components of {@link User} that a group has. */
    public static final List<String> SETTINGS = ALL.stream().map(Setting::name).toList();

    private Effective() {}

    /**
     * Returns the account that holds for a user.
     *
     * @param own the account as it is stored
     * @param group the group that it names; empty when there is no such group. Then the result is disabled, since the
     *     limits that an operator meant are unknown.
     */
    public static User account(User own, Optional<Group> group) {
        if (own.group().isEmpty()) {
            return own;
        }
        return group.map(found -> inherit(own, found.settings()))
                .orElseGet(() -> own.change().enabled(false).make());
    }

    /** Returns for each of {@link #SETTINGS} where its value comes from. */
    public static Map<String, Source> sources(User own, Optional<Group> group) {
        Optional<User> shared = own.group().isEmpty() ? Optional.empty() : group.map(Group::settings);
        Map<String, Source> sources = new LinkedHashMap<>();
        for (Setting<?> setting : ALL) {
            boolean byGroup = shared.map(setting::isSaidBy).orElse(false);
            sources.put(setting.name(), source(setting, own, byGroup, shared));
        }
        return sources;
    }

    private static Source source(Setting<?> setting, User own, boolean byGroup, Optional<User> shared) {
        if (!setting.isSaidBy(own)) {
            return byGroup ? Source.GROUP : Source.DEFAULT;
        }
        boolean both = setting.name().equals(LENIENCIES)
                && shared.map(group ->
                                leniencies(own, group).size() > own.leniencies().size())
                        .orElse(false);
        return both ? Source.USER_AND_GROUP : Source.USER;
    }

    static User settingsOf(String name, User settings) {
        return inherit(User.create(name, "", "/"), settings);
    }

    private static User inherit(User own, User group) {
        User.Builder made = own.change();
        for (Setting<?> setting : ALL) {
            if (!setting.isSaidBy(own)) {
                setting.copy(group, made);
            }
        }
        return made.leniencies(leniencies(own, group)).make();
    }

    private static List<String> leniencies(User own, User group) {
        List<String> all = new ArrayList<>(own.leniencies());
        for (String said : group.leniencies()) {
            String key = said.substring(0, said.indexOf('=') + 1);
            if (own.leniencies().stream().noneMatch(mine -> mine.startsWith(key))) {
                all.add(said);
            }
        }
        return all;
    }
}
