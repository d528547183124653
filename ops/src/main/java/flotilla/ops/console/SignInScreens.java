package flotilla.ops.console;

import flotilla.ops.admin.Door.Visitor;
import flotilla.ops.admin.Site.Page;
import flotilla.ops.admin.Site.Visit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The page to sign in, and the way out. */
final class SignInScreens {
    private static final String SIGN_IN = "sign-in";
    private static final long REFUSAL_MILLIS = 500;

    private final Desk desk;
    private final SignInDesk signIns;
    private final Attempts attempts = new Attempts();

    SignInScreens(Desk desk, SignInDesk signIns) {
        this.desk = desk;
        this.signIns = signIns;
    }

    CompletionStage<Page> signIn(Visit visit) {
        if (visit.method().equals("GET")) {
            return Later.of(page(200, ""));
        }
        // A right token does not wait: a stranger with the same balancer or tunnel would keep its holder out.
        Optional<Visitor> visitor = desk.door().visitor(Form.parse(visit.body()).text("token"));
        Duration wait = attempts.waiting(visit.from(), System.nanoTime());
        if (visitor.isEmpty() && !wait.isZero()) {
            long seconds = wait.toSeconds() + 1;
            return Later.of(Answers.with(
                    page(429, "There were too many attempts. Try again in " + seconds + " s."),
                    "Retry-After",
                    String.valueOf(seconds)));
        }
        if (visitor.isEmpty()) {
            attempts.failed(visit.from(), System.nanoTime());
            desk.door().audit("-", visit.from(), SIGN_IN, "", "unauthorized");
            return refused();
        }
        return signIns.signIn(visitor.get()).thenApply(id -> {
            attempts.succeeded(visit.from());
            desk.door().audit(visitor.get().name(), visit.from(), SIGN_IN, "", id.isPresent() ? "ok" : "too-many");
            return id.map(one -> SignInDesk.withCookie(Answers.redirect("/console/overview"), one, visit.secure()))
                    .orElseGet(() -> page(503, "Too many operators are signed in."));
        });
    }

    /** The answer comes late, and no thread waits for it. */
    private CompletionStage<Page> refused() {
        return CompletableFuture.supplyAsync(
                () -> page(401, "This token is not valid, or it is for a part of the API only."),
                CompletableFuture.delayedExecutor(REFUSAL_MILLIS, TimeUnit.MILLISECONDS));
    }

    private Page page(int status, String problem) {
        Shell shell = new Shell("Sign in", "", "", "", "", "", desk.node(), "", problem, desk.assets());
        return desk.page(status, "signIn.jte", shell, Map.of());
    }

    CompletionStage<Page> signOut(Guest guest) {
        return signIns.signOut(guest.operator()).thenApply(done -> {
            desk.hub().leave(guest.operator().key());
            desk.door().audit(guest.visitor().name(), guest.visit().from(), "sign-out", "", "ok");
            return SignInDesk.withCookie(
                    Answers.redirect("/console/sign-in"), "", guest.visit().secure());
        });
    }
}
