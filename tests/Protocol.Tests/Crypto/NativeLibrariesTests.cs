using SimplexActors.Protocol.Crypto.Native;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

public class NativeLibrariesTests
{
    [Fact]
    public void Every_library_is_found_here() => NativeLibraries.Load();

    [Fact]
    public void A_missing_library_is_told_with_its_package()
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => NativeLibraries.Load("libmissing.so.1", "libmissing1"));
        Assert.Equal("libmissing.so.1 was not found: install the Debian package libmissing1.", error.Message);
    }
}
