package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What a command decided; the session carries it out. */
public sealed interface Outcome {
    /** The answer of the case for this outcome. */
    <R> R match(Cases<R> cases);

    /** One case for each outcome. */
    interface Cases<R> {
        R answered(Answered outcome);

        R pending(Pending outcome);

        R interruptible(Interruptible outcome);

        R transferring(Transferring outcome);

        R openPassive(OpenPassive outcome);

        R startTls(StartTls outcome);

        R endTls(EndTls outcome);

        R reinitialize(Reinitialize outcome);

        R logIn(LogIn outcome);

        R identify(Identify outcome);

        R closeEndpoint(CloseEndpoint outcome);

        R goodbye(Goodbye outcome);
    }

    /** The reply, and the session as it is from then on. */
    record Answered(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.answered(this);
        }
    }

    /** The outcome comes later; a failed stage is a storage failure or a bug. */
    record Pending(CompletionStage<? extends Outcome> stage) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.pending(this);
        }
    }

    /** As {@link Pending}, but ABOR may end it: {@code cancel} makes the stage end soon, with the reply of what was cut short. */
    record Interruptible(CompletionStage<? extends Outcome> stage, Runnable cancel) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.interruptible(this);
        }
    }

    /** A data connection is needed: {@code opening} goes out as 150, then the transfer runs. */
    record Transferring(String opening, Transfer transfer, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.transferring(this);
        }
    }

    /** PASV or EPSV: a passive port is leased. @param extended whether the answer is 229 */
    record OpenPassive(boolean extended) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.openPassive(this);
        }
    }

    /** AUTH: the reply goes out in clear, TLS follows. */
    record StartTls(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.startTls(this);
        }
    }

    /** CCC: the reply goes out under TLS, then the control connection goes on in clear. */
    record EndTls(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.endTls(this);
        }
    }

    /** REIN: the session begins anew, without TLS (RFC 4217, section 11). */
    record Reinitialize(Reply reply) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.reinitialize(this);
        }
    }

    /** PASS: the password is checked for the name that USER gave. */
    record LogIn(String password) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.logIn(this);
        }

        @Override
        public String toString() {
            return "LogIn[***]";
        }
    }

    /** USER: the name is taken; a client certificate may log it in at once. */
    record Identify(String user) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.identify(this);
        }
    }

    /** ABOR without a transfer: the data endpoint is given up. */
    record CloseEndpoint(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.closeEndpoint(this);
        }
    }

    /** The reply is the last one; the connection closes. */
    record Goodbye(Reply reply) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.goodbye(this);
        }
    }

    static Outcome answered(int code, String text, SessionState state) {
        return new Answered(Reply.of(code, text), state);
    }

    /** Waits for a stage and decides then. */
    static <T> Outcome pending(CompletionStage<T> stage, Function<T, Outcome> decide) {
        return new Pending(stage.thenApply(decide));
    }
}
