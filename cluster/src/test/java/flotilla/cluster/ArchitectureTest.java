package flotilla.cluster;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import flotilla.cluster.wire.Tag;

@AnalyzeClasses(packages = "flotilla.cluster", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Each line names a package and all packages of this module that it may use. A new package needs a line. */
    @ArchTest
    static final ArchRule PACKAGES_USE_ONLY_WHAT_IS_BELOW_THEM = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .ensureAllClassesAreContainedInArchitecture()
            .layer("wire")
            .definedBy("flotilla.cluster.wire")
            .layer("leaving")
            .definedBy("flotilla.cluster.leaving")
            .layer("password")
            .definedBy("flotilla.cluster.password")
            .layer("cluster")
            .definedBy("flotilla.cluster")
            .layer("placement")
            .definedBy("flotilla.cluster.placement")
            .layer("lease")
            .definedBy("flotilla.cluster.lease")
            .layer("protection")
            .definedBy("flotilla.cluster.protection")
            .layer("stage")
            .definedBy("flotilla.cluster.stage")
            .layer("accounts")
            .definedBy("flotilla.cluster.accounts")
            .layer("forming")
            .definedBy("flotilla.cluster.forming")
            .layer("tls")
            .definedBy("flotilla.cluster.hazelcast.tls")
            .layer("entry")
            .definedBy("flotilla.cluster.hazelcast.entry")
            .layer("member")
            .definedBy("flotilla.cluster.hazelcast.member")
            .layer("shared")
            .definedBy("flotilla.cluster.hazelcast.shared")
            .layer("hazelcast")
            .definedBy("flotilla.cluster.hazelcast")
            .whereLayer("wire")
            .mayNotAccessAnyLayer()
            .whereLayer("leaving")
            .mayNotAccessAnyLayer()
            .whereLayer("password")
            .mayNotAccessAnyLayer()
            .whereLayer("cluster")
            .mayOnlyAccessLayers("wire")
            .whereLayer("placement")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("lease")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("protection")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("stage")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("accounts")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("forming")
            .mayOnlyAccessLayers("cluster", "wire", "leaving", "lease", "protection")
            .whereLayer("tls")
            .mayOnlyAccessLayers("cluster", "protection")
            .whereLayer("entry")
            .mayOnlyAccessLayers("cluster", "wire", "accounts")
            .whereLayer("member")
            .mayOnlyAccessLayers("cluster", "wire", "protection", "stage", "forming", "tls", "entry")
            .whereLayer("shared")
            .mayOnlyAccessLayers("cluster", "wire", "protection", "stage", "accounts", "entry");

    @ArchTest
    static final ArchRule THE_ROOT_USES_ONLY_THE_TAGS_OF_RECORDS = noClasses()
            .that()
            .resideInAPackage("flotilla.cluster")
            .should()
            .dependOnClassesThat(resideInAPackage("flotilla.cluster.*..").and(not(equivalentTo(Tag.class))));

    @ArchTest
    static final ArchRule HAZELCAST_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.cluster.hazelcast..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.hazelcast..");

    @ArchTest
    static final ArchRule KRYO_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.cluster.wire")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.esotericsoftware..");

    @ArchTest
    static final ArchRule THE_DATABASE_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackages("flotilla.cluster.accounts")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.flywaydb..", "org.h2..", "org.postgresql..");

    @ArchTest
    static final ArchRule NEITHER_NETWORK_NOR_FILES_ARE_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "flotilla.storage..", "flotilla.node..", "flotilla.ops..");

    @ArchTest
    static final ArchRule PASSWORDS_NEED_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("flotilla.cluster.password")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko..", "com.hazelcast..", "flotilla.cluster.hazelcast..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("flotilla.(**)").should().beFreeOfCycles();
}
