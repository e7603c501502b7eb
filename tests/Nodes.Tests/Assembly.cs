using SimplexActors.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
