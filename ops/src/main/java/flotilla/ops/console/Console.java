package flotilla.ops.console;

import flotilla.cluster.ClusterNode;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.Members;
import flotilla.ops.admin.Door;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site;
import flotilla.ops.config.ConsoleSettings;
import flotilla.ops.console.SignInDesk.Operator;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.Cancellable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers browsers: assets, sign-in, and the screens for operators who are signed in. */
public final class Console implements Site {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    /** Longest wait for a node. A page should tell within seconds that one is away. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Time after which a removed token has no sign-in any more, whichever nodes its holder talks to. */
    private static final Duration TOKEN_LOOK = Duration.ofSeconds(10);

    private static final String HOME = "/console/overview";

    private final Hosts hosts;
    private final Assets assets = new Assets();
    private final SignInDesk signIns;
    private final SignInScreens door;
    private final Hub hub;
    private final Desk desk;
    private final List<Screen> screens;
    private final Cancellable clock;

    /**
     * Makes the console of a node.
     *
     * @param most most pages that are kept up to date at a time
     */
    public Console(ConsoleSettings settings, int most, ClusterNode cluster, Door door) {
        this.hosts = new Hosts(settings.hosts(), ownName());
        this.signIns = new SignInDesk(cluster.signIns(), door, cluster.name(), settings);
        this.hub = new Hub(most, signIns::find);
        ClusterOverview overview = new ClusterOverview(new Members(cluster.system(), PATIENCE));
        this.desk = new Desk(
                overview,
                cluster.quotas(),
                new Absent(cluster.roll()),
                door,
                hub,
                new Templates(),
                assets,
                cluster.name());
        this.door = new SignInScreens(desk, signIns);
        this.screens = Stream.of(
                        new OverviewScreen(desk).all(),
                        new SessionScreens(desk).all(),
                        new NodeScreens(desk).all(),
                        new BanScreens(desk).all(),
                        new UserScreens(desk).all())
                .flatMap(List::stream)
                .toList();
        this.clock = cluster.system()
                .scheduler()
                .scheduleWithFixedDelay(
                        TOKEN_LOOK,
                        TOKEN_LOOK,
                        this::endWithoutToken,
                        cluster.system().executionContext());
    }

    private void endWithoutToken() {
        signIns.endWithoutToken().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("the tokens of the sign-ins were not looked at", failure);
            }
        });
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("this machine has no name", e);
            return "";
        }
    }

    @Override
    public CompletionStage<Page> answer(Visit visit) {
        try {
            return route(visit).exceptionally(Console::failed);
        } catch (RuntimeException e) {
            return Later.of(failed(e));
        }
    }

    private static Page failed(Throwable failure) {
        LOG.warn("a page of the console failed", failure);
        return Answers.text(500, "The page failed; the log of this node says why.");
    }

    private CompletionStage<Page> route(Visit visit) {
        if (!hosts.areOurs(visit.header("host"))) {
            return Later.of(Answers.text(
                    421, "This name is not one of the console. Names of it belong in flotilla.admin.console.hosts."));
        }
        boolean isPost = visit.method().equals("POST");
        if (isPost && !Hosts.isSame(visit.header("origin"), visit.header("host"))) {
            return Later.of(Answers.text(403, "The form is not from a page of this server."));
        }
        if (visit.method().equals("HEAD")) {
            return signedIn(visit);
        }
        if (!isPost && !visit.method().equals("GET")) {
            return Later.of(Answers.with(Answers.text(405, "Use GET or POST."), "Allow", "GET, POST"));
        }
        if (isPost && !Form.isReadable(visit.body())) {
            return Later.of(Answers.text(400, "The form cannot be read."));
        }
        List<String> path = below(visit.segments());
        if (path.isEmpty()) {
            return Later.of(Answers.redirect(HOME));
        }
        return switch (path.get(0)) {
            case "assets" -> Later.of(asset(visit));
            case "sign-in" -> door.signIn(visit);
            default ->
                signIns.operator(visit).thenCompose(operator -> operator.map(one -> screen(visit, path, one))
                        .orElseGet(() -> Later.of(signedOut(path))));
        };
    }

    /** Tells a script, which cannot see why a feed does not open, whether somebody is signed in. */
    private CompletionStage<Page> signedIn(Visit visit) {
        return signIns.operator(visit).thenApply(one -> Answers.text(one.isPresent() ? 200 : 401, ""));
    }

    /** Returns the segments below {@code /console/}. */
    private static List<String> below(List<String> segments) {
        return segments.stream().skip(1).filter(segment -> !segment.isEmpty()).toList();
    }

    private Page asset(Visit visit) {
        return assets.at("/" + String.join("/", visit.segments()))
                .map(asset -> Answers.asset(asset, visit.header("if-none-match").equals(asset.tag())))
                .orElseGet(() -> Answers.text(404, "There is nothing here."));
    }

    private static Page signedOut(List<String> path) {
        return path.get(0).equals("live")
                ? Answers.text(401, "Nobody is signed in.")
                : Answers.redirect("/console/sign-in");
    }

    private CompletionStage<Page> screen(Visit visit, List<String> path, Operator operator) {
        Guest guest = new Guest(visit, operator, List.of(), Form.parse(visit.body()));
        boolean isPost = visit.method().equals("POST");
        if (isPost && !Digests.same(guest.form().text("csrf"), operator.csrf())) {
            desk.door()
                    .audit(
                            operator.visitor().name(),
                            visit.from(),
                            "console-form",
                            String.join("/", path),
                            "forbidden");
            return Later.of(
                    desk.failure(guest, 403, "The form is not from a page of this sign-in. Open the page again."));
        }
        if (isPost && path.equals(List.of("sign-out"))) {
            return door.signOut(guest);
        }
        for (Screen screen : screens) {
            Optional<List<String>> names = screen.match(path);
            if (names.isPresent() && screen.method().equals(visit.method())) {
                return guest.may(screen.role())
                        ? screen.answer().apply(new Guest(visit, operator, names.get(), guest.form()))
                        : Later.of(forbidden(guest, path, screen.role()));
            }
        }
        return Later.of(desk.failure(guest, 404, "There is no such page."));
    }

    private Page forbidden(Guest guest, List<String> path, Role role) {
        if (guest.visit().method().equals("POST")) {
            desk.door()
                    .audit(
                            guest.visitor().name(),
                            guest.visit().from(),
                            "console-form",
                            String.join("/", path),
                            "forbidden");
        }
        return desk.failure(guest, 403, "This needs the role " + role.text() + ".");
    }

    @Override
    public void close() {
        clock.cancel();
        hub.close();
    }
}
