package flotilla.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.cluster.Group;
import flotilla.ops.account.AccountName;
import flotilla.ops.account.GroupStore;
import flotilla.ops.account.UserJson;
import flotilla.ops.account.UserStore;
import flotilla.ops.log.LogText;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla group}: manages groups, whether the server runs or not. */
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        description = "Manages groups of accounts, with the server running or not.",
        subcommands = {
            GroupCommand.Add.class,
            GroupCommand.Set.class,
            GroupCommand.Show.class,
            GroupCommand.ListAll.class,
            GroupCommand.Remove.class
        })
final class GroupCommand implements Runnable {
    private static final int PAGE = 500;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "a command is missing: add, set, show, list or remove");
    }

    /** A subcommand about one group. */
    abstract static class Named extends UserCommand.Base {
        @Parameters(paramLabel = "NAME", description = "Name of the group.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        String name() {
            return name;
        }

        @Override
        final void act(UserStore store) throws Exception {
            act(store.groups());
        }

        abstract void act(GroupStore groups) throws Exception;

        final Group existing(GroupStore groups) {
            return groups.find(name).orElseThrow(this::unknown);
        }

        final IllegalStateException unknown() {
            return new IllegalStateException("no such group: " + name);
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a group.",
            footer = "  flotilla group add staff --allow /=read,list --max-sessions 5")
    static final class Add extends Named {
        @CommandLine.ArgGroup(exclusive = false, heading = "Settings:%n")
        private SettingOptions settings = new SettingOptions();

        @Override
        void act(GroupStore groups) {
            AccountName.checkGroup(name());
            Group group =
                    new Group(name(), settings.settings(Group.create(name()).settings()));
            if (!groups.add(group)) {
                throw new IllegalStateException("group " + name() + " exists already");
            }
            out().println("Group " + name() + " added.");
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Changes a group, for its members' running sessions, too. Settings that are not given stay.",
            footer = "  flotilla group set staff --upload-rate 5M")
    static final class Set extends Named {
        @CommandLine.ArgGroup(exclusive = false, heading = "Settings:%n")
        private SettingOptions settings = new SettingOptions();

        @Override
        void act(GroupStore groups) {
            Group group = new Group(name(), settings.settings(existing(groups).settings()));
            if (!groups.set(group)) {
                throw unknown();
            }
            out().println("Group " + name() + " changed.");
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a group, under the names of the options of add and set.",
            footer = "  flotilla group show staff --json")
    static final class Show extends Named {
        @Option(names = "--json", description = "Prints JSON, as the admin API does.")
        private boolean json;

        @Override
        void act(GroupStore groups) throws JsonProcessingException {
            Group group = existing(groups);
            if (json) {
                ObjectMapper mapper = new ObjectMapper();
                out().println(mapper.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(UserJson.write(group, mapper.createObjectNode())));
                return;
            }
            Table table = new Table("OPTION", "VALUE");
            table.row("NAME", group.name());
            SettingRows.of(group.settings()).forEach(row -> table.row(row.option(), row.value()));
            table.print(out());
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the names of groups.",
            footer = {"  flotilla group list", "  flotilla group list --json"})
    static final class ListAll extends UserCommand.Base {
        @Option(names = "--json", description = "Prints a list of groups, as the admin API does.")
        private boolean json;

        @Override
        void act(UserStore store) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            String after = "";
            for (List<Group> page = store.groups().list(after, PAGE);
                    !page.isEmpty();
                    page = store.groups().list(after, PAGE)) {
                for (Group group : page) {
                    if (json) {
                        UserJson.write(group, all.addObject());
                    } else {
                        out().println(LogText.shown(group.name()));
                    }
                }
                after = page.get(page.size() - 1).name();
            }
            if (json) {
                out().println(all.toPrettyString());
            }
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes a group that has no members.",
            footer = "  flotilla group remove staff")
    static final class Remove extends Named {
        @Option(
                names = "--force",
                description = "Removes it even when it has members. They cannot log in until they get another group.")
        private boolean force;

        @Override
        void act(GroupStore groups) {
            switch (groups.remove(name(), force)) {
                case REMOVED -> out().println("Group " + name() + " removed.");
                case MISSING -> throw unknown();
                case CHANGED -> throw new IllegalStateException("somebody else changes the group " + name());
                case HAS_MEMBERS ->
                    throw new IllegalStateException("accounts belong to the group " + name()
                            + ". Give them another one (flotilla user set NAME --group none), or use --force");
            }
        }
    }
}
