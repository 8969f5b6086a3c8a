package dev.postern.system.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The rules of the house that a compiler does not know.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ArchitectureTest {
    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = PosternClasses.all();
        for (String service : PosternClasses.SERVICES) {
            assertThat(classes)
                    .as(service)
                    .anyMatch(type -> type.getPackageName().startsWith(service));
        }
    }

    @Test
    void servicesNeverImportServices() {
        for (String service : PosternClasses.SERVICES) {
            List<String> others = PosternClasses.SERVICES.stream()
                    .filter(other -> !other.equals(service))
                    .toList();
            noClasses()
                    .that()
                    .resideInAPackage(service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(PosternClasses.below(others))
                    .check(classes);
        }
    }

    @Test
    void librariesAndProgramsImportNoServiceAndNoFramework() {
        List<String> frameworkless = Stream.concat(PosternClasses.LIBRARIES.stream(), PosternClasses.PROGRAMS.stream())
                .toList();
        // What is measured beside a bare echo of Netty needs Netty, and Lettuce shows its connections as Netty's only.
        noClasses()
                .that()
                .resideInAnyPackage(PosternClasses.below(frameworkless))
                .and(not(resideInAPackage("dev.postern.cli.bench.sealed")))
                .and(not(name("dev.postern.redis.RedisTls")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.netty..", "reactor..", "org.reactivestreams..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(PosternClasses.below(frameworkless))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PosternClasses.below(PosternClasses.SERVICES))
                .check(classes);
    }

    /// The second exception beside the chassis (ADR 0014): Spring Vault, and what wires it.
    @Test
    void theVaultLibraryImportsSpringAndNothingElseOfTheKind() {
        noClasses()
                .that()
                .resideInAPackage(PosternClasses.VAULT + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PosternClasses.below(List.of(
                        "io.netty",
                        "reactor",
                        "org.reactivestreams",
                        "dev.postern.chassis",
                        "org.springframework.web.servlet",
                        "org.springframework.web.reactive",
                        "org.springframework.security")))
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage(PosternClasses.VAULT + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PosternClasses.below(PosternClasses.SERVICES))
                .check(classes);
        // And nobody else speaks to a Vault.
        noClasses()
                .that(not(resideInAPackage(PosternClasses.VAULT + "..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.vault..")
                .check(classes);
    }

    @Test
    void theAwsSdkStaysInOnePackage() {
        noClasses()
                .that(not(resideInAPackage("dev.postern.auditing.s3")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(classes);
    }

    @Test
    void reactorStaysInTheGateway() {
        noClasses()
                .that(not(resideInAPackage("dev.postern.gateway..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..")
                .check(classes);
    }

    /// Private keys of relays are nowhere on disk, and neither is anything else of a session.
    @Test
    void theSealedSessionLibraryKnowsNoDisk() {
        noClasses()
                .that()
                .resideInAPackage("dev.postern.session..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\..*|java\\.nio\\.channels\\.FileChannel|java\\.io\\.(File|RandomAccessFile).*")
                .check(classes);
    }

    @Test
    void cryptographyStaysInNamedPackages() {
        noClasses()
                .that(not(resideInAnyPackage(CryptoPackages.CIPHERS)))
                .should()
                .dependOnClassesThat(resideInAPackage("javax.crypto.."))
                .check(classes);
    }

    @Test
    void randomnessIsHandedIn() {
        noClasses()
                .that(not(resideInAnyPackage(CryptoPackages.RANDOM_SOURCES)).and(not(isWiring())))
                .should()
                .callConstructorWhere(DescribedPredicate.describe(
                        "makes a random source",
                        (JavaConstructorCall call) -> call.getTargetOwner().isEquivalentTo(SecureRandom.class)
                                || call.getTargetOwner().isEquivalentTo(Random.class)))
                .check(classes);
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "uses a random source of its own",
                        (JavaMethodCall call) -> call.getTargetOwner().isEquivalentTo(ThreadLocalRandom.class)
                                || (call.getTargetOwner().isEquivalentTo(Math.class)
                                        && call.getName().equals("random"))))
                .check(classes);
    }

    @Test
    void timeIsHandedIn() {
        noClasses()
                .that(not(isWiring()))
                .should()
                .callMethodWhere(DescribedPredicate.describe("reads a clock of its own", ArchitectureTest::readsAClock))
                .check(classes);
    }

    @Test
    void featurePackagesAreFreeOfCycles() {
        List<String> bases = new ArrayList<>(PosternClasses.SERVICES);
        bases.addAll(PosternClasses.LIBRARIES);
        bases.addAll(PosternClasses.PROGRAMS);
        bases.add("dev.postern.chassis");
        for (String base : bases) {
            slices().matching(base + ".(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    @Test
    void namesSayWhatAThingIs() {
        for (String suffix : Set.of("Util", "Utils", "Helper", "Manager")) {
            classes()
                    .that()
                    .resideInAPackage("dev.postern..")
                    .and(not(resideInAPackage("dev.postern.redaction.v1..")))
                    .should()
                    .haveSimpleNameNotEndingWith(suffix)
                    .check(classes);
        }
    }

    @Test
    void onlyProblemPackagesBuildErrorDocuments() {
        noClasses()
                .that(not(resideInAnyPackage("dev.postern..problem..")))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.springframework.http.ProblemDetail")
                .check(classes);
    }

    private static boolean readsAClock(JavaMethodCall call) {
        String owner = call.getTargetOwner().getFullName();
        String name = call.getName();
        if (owner.equals(Clock.class.getName())) {
            return name.startsWith("system") || name.startsWith("tick");
        }
        if (owner.equals(System.class.getName())) {
            return name.equals("currentTimeMillis");
        }
        return owner.startsWith("java.time.")
                && name.equals("now")
                && call.getTarget().getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
    }

    /// Where a program takes hold of the outside world: its main class, its configuration classes.
    private static DescribedPredicate<JavaClass> isWiring() {
        return DescribedPredicate.describe(
                "wiring",
                type -> type.getSimpleName().endsWith("Configuration")
                        || type.getSimpleName().endsWith("Application")
                        || type.getSimpleName().endsWith("Main")
                        || type.getFullName().equals("dev.postern.cli.Surroundings"));
    }
}
