package flotilla.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "flotilla.ops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Each line names a package and all packages of this module that it may use. A new package needs a line. */
    @ArchTest
    static final ArchRule PACKAGES_USE_ONLY_WHAT_IS_BELOW_THEM = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .ensureAllClassesAreContainedInArchitecture()
            .layer("acme")
            .definedBy("flotilla.ops.acme")
            .layer("alert")
            .definedBy("flotilla.ops.alert")
            .layer("main")
            .definedBy("flotilla.ops")
            .layer("json")
            .definedBy("flotilla.ops.json")
            .layer("extension")
            .definedBy("flotilla.ops.extension")
            .layer("train")
            .definedBy("flotilla.ops.train")
            .layer("hook")
            .definedBy("flotilla.ops.hook")
            .layer("outgoing")
            .definedBy("flotilla.ops.outgoing")
            .layer("event")
            .definedBy("flotilla.ops.event")
            .layer("config")
            .definedBy("flotilla.ops.config")
            .layer("local")
            .definedBy("flotilla.ops.local")
            .layer("log")
            .definedBy("flotilla.ops.log")
            .layer("metrics")
            .definedBy("flotilla.ops.metrics")
            .layer("account")
            .definedBy("flotilla.ops.account")
            .layer("client")
            .definedBy("flotilla.ops.client")
            .layer("admin")
            .definedBy("flotilla.ops.admin")
            .layer("console")
            .definedBy("flotilla.ops.console")
            .layer("backup")
            .definedBy("flotilla.ops.backup")
            .layer("balancer")
            .definedBy("flotilla.ops.balancer")
            .layer("demo")
            .definedBy("flotilla.ops.demo")
            .layer("migrate")
            .definedBy("flotilla.ops.migrate")
            .layer("setup")
            .definedBy("flotilla.ops.setup")
            .layer("report")
            .definedBy("flotilla.ops.report")
            .layer("probe")
            .definedBy("flotilla.ops.probe")
            .layer("doctor")
            .definedBy("flotilla.ops.doctor")
            .layer("server")
            .definedBy("flotilla.ops.server")
            .layer("top")
            .definedBy("flotilla.ops.top")
            .layer("cli")
            .definedBy("flotilla.ops.cli")
            .whereLayer("main")
            .mayOnlyAccessLayers("cli")
            .whereLayer("acme")
            .mayOnlyAccessLayers("config", "local")
            .whereLayer("alert")
            .mayOnlyAccessLayers("outgoing")
            .whereLayer("json")
            .mayNotAccessAnyLayer()
            .whereLayer("extension")
            .mayNotAccessAnyLayer()
            .whereLayer("train")
            .mayNotAccessAnyLayer()
            .whereLayer("outgoing")
            .mayNotAccessAnyLayer()
            .whereLayer("event")
            .mayOnlyAccessLayers("extension", "outgoing")
            .whereLayer("hook")
            .mayOnlyAccessLayers("extension")
            .whereLayer("config")
            .mayOnlyAccessLayers("alert", "event", "extension", "hook")
            .whereLayer("local")
            .mayNotAccessAnyLayer()
            .whereLayer("log")
            .mayOnlyAccessLayers("config")
            .whereLayer("report")
            .mayOnlyAccessLayers("log")
            .whereLayer("probe")
            .mayOnlyAccessLayers("report")
            .whereLayer("doctor")
            .mayOnlyAccessLayers("client", "config", "report", "server")
            .whereLayer("metrics")
            .mayOnlyAccessLayers("event", "hook")
            .whereLayer("account")
            .mayOnlyAccessLayers("json", "local", "log")
            .whereLayer("client")
            .mayOnlyAccessLayers("account", "json", "local")
            .whereLayer("admin")
            .mayOnlyAccessLayers("account", "alert", "config", "event", "json", "local", "log")
            .whereLayer("console")
            .mayOnlyAccessLayers("account", "admin", "config")
            .whereLayer("backup")
            .mayOnlyAccessLayers("account", "config", "json", "local")
            .whereLayer("balancer")
            .mayOnlyAccessLayers("config")
            .whereLayer("demo")
            .mayOnlyAccessLayers("balancer", "config", "local")
            .whereLayer("migrate")
            .mayOnlyAccessLayers("account")
            .whereLayer("setup")
            .mayOnlyAccessLayers("config", "local")
            .whereLayer("server")
            .mayOnlyAccessLayers(
                    "account",
                    "acme",
                    "admin",
                    "alert",
                    "config",
                    "console",
                    "event",
                    "extension",
                    "hook",
                    "local",
                    "log",
                    "metrics",
                    "train")
            .whereLayer("top")
            .mayOnlyAccessLayers("client", "log")
            .whereLayer("cli")
            .mayOnlyAccessLayers(
                    "account",
                    "admin",
                    "backup",
                    "balancer",
                    "client",
                    "config",
                    "demo",
                    "doctor",
                    "event",
                    "extension",
                    "hook",
                    "log",
                    "local",
                    "probe",
                    "report",
                    "migrate",
                    "server",
                    "setup",
                    "top",
                    "train");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("flotilla.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule METRICS_HAVE_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.ops.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    @ArchTest
    static final ArchRule PAGES_HAVE_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.ops.console")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gg.jte..");

    @ArchTest
    static final ArchRule AUTHORITIES_HAVE_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.ops.acme")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.shredzone..", "org.jose4j..");

    /** The type in a store's settings selects the store. */
    @ArchTest
    static final ArchRule NOBODY_KNOWS_HOW_FILES_ARE_STORED =
            noClasses().should().dependOnClassesThat().resideInAPackage("flotilla.storage.local..");

    @ArchTest
    static final ArchRule HTTP_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.ops.admin")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko.http..", "org.apache.pekko.stream..");
}
